"""Conferences of staff and external guests: named rooms, who may enter, who is inside."""
