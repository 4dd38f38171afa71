"""Keys with which the agency's specialist procedure books: who may, what, and what was done."""
