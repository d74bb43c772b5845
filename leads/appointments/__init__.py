"""Appointments after they were made: moved, cancelled, rejected, missed.

Cal.com decides where each stands. What it tells, and what lists show, are hints (hints.py,
sweep.py): the booking is asked for (lookups.py), and that state is written (changes.py), in one
place. So the same end state follows from any order of what was told, twice or not at all.
"""
