"""A visit: one client's run from the door to goodbye. ``service`` is its only writer."""
