"""What loss, delay and narrow lines do to a conversation through the relay."""
