"""What leads write: whose it is, what STOP makes of it, and what was missed."""
