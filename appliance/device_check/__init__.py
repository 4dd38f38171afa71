"""The device check: a room with one human and one analyser, judged with cause and remedy."""
