"""Trying the agent out: its real prompt, tools and guard, with a calendar of its own, and no lead.

Nothing is kept here: what was said stands in a State (state.py), which the page signs and sends
along. chat.py lets something happen, talk.py is what the agent thinks in, deeds.py are its tools.
"""
