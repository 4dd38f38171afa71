"""Staff: who they are, how they log in, and which logins they have."""
