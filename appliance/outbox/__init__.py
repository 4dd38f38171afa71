"""Messages to clients: written down first, sent later, erased when they have arrived."""
