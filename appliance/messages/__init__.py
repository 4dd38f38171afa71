"""What clients leave instead of waiting on: a message, or the wish to be called back."""
