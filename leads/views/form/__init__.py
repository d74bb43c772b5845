"""The hosted form: what strangers see of it, and where members make it."""
