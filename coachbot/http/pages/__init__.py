"""What pages have in common, and the API has no use for."""
