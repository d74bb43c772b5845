"""The agent's answers: one turn at a time in a conversation, thought of once and sent once.

due.py finds what is due and runs it under a claim (claims.py). answering.py is the story of a
turn; live.py is what it is thought of in, unanswered.py what it answers. Stages are written by
stages.py, parts go out by leads.messages.sending, and failing.py says what follows a failure.
"""
