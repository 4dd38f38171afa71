"""The relay beside its peers: one load, several servers, in one run."""
