"""The form of a workspace that strangers fill in: what it asks, versions, looks, taking it in."""
