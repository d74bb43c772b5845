"""The list of leads: what it shows, what was chosen in it, its export."""
