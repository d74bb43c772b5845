"""Cal.com: shows what is free, and takes bookings.

docs/providers/calcom.md has the facts about Cal.com that are played here.
"""
