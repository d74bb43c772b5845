"""What a language model needs to write for a business, and what it may not say.

prompt.py says who it is and what is so now, quoting.py hands the lead's words over as data,
history.py what was said before. thinking.py makes an answer of rounds with the model and the
tools; guard.py lets it pass or not; tokens.py counts the day's. rehearsal/ does all of it for the
page on which the agent is tried, and keeps nothing.
"""
