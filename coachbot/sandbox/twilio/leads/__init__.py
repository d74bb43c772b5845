"""The people who are written to: what they send, and when."""
