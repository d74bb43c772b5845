"""Mails: an outbox of rows that requests write, and that workers send.

outbox.py writes them, delivery.py sends them, smtp.py and printed.py are ways out.
"""
