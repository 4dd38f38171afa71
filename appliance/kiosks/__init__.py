"""Registered kiosks: which there are, how they are, what they have found out about themselves."""
