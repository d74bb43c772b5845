"""Twilio: sends WhatsApp messages, tells what became of them, and plays the leads who answer.

docs/providers/twilio.md has the facts about Twilio that are played here.
"""
