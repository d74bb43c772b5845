"""Vapi: takes calls, lists them, and plays those that it took to whoever listens.

docs/providers/vapi.md has the facts about Vapi that are played here; the section numbers in the
comments are its sections.
"""
