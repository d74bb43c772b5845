"""Twilio, for WhatsApp: client.py sends, events.py reads what it sends, errors.py says what its
codes mean, account.py verifies an account.

docs/providers/twilio.md has the facts about Twilio that this relies on.
"""
