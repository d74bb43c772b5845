"""Who is told of what, and by which way.

recording.py writes down what happened, beside what it tells of; nothing else here is asked by a
request. Workers do the rest, from rows: spreading.py works out who wants to know, mail.py,
digest.py and posting.py tell them, grouping.py says how often.
"""
