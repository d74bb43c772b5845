"""Whether a person may be contacted now."""
