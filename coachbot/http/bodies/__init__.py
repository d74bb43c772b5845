"""What is sent to us: how large it may be, and how it is read."""
