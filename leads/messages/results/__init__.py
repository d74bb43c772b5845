"""What became of messages of ours, and what follows from it: outcomes.py writes it, with why from
faults.py, and consequences.py says what follows for the lead. again.py makes a second attempt,
contacts.py keeps when a lead was written to first.
"""
