"""What IT may know of all device checks together: plain counters, no person in them."""
