"""Cal.com: client.py asks it, account.py verifies an account, errors.py says what refusals mean."""
