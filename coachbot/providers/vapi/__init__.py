"""Vapi: client.py asks it, events.py reads what it sends, errors.py says what its errors mean.

docs/providers/vapi.md has the facts about Vapi that this relies on.
"""
