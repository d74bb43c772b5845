"""Cal.com: client.py asks it."""
