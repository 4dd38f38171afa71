"""Vorzimmer: the room before the room, and then the private conversation itself."""

__version__ = "0.1.0"
