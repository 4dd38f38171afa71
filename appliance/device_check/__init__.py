"""The device check: a room with one human and one analyser, and judgements with cause and remedy."""
