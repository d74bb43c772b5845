"""Cal.com: client.py asks it, account.py verifies an account, errors.py says what refusals mean.

docs/providers/calcom.md has the facts about Cal.com that this relies on.
"""
