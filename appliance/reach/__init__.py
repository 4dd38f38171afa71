"""Ways for networks that block UDP: the agency's own coturn, and port 443 shared with the pages."""
