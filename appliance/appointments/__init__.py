"""Appointments: what was booked, how the client gets in, and what became of it."""
