"""Cal.com: client.py asks it, errors.py says what its refusals mean."""
