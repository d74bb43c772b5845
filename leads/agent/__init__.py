"""What the assistant can ask for during a call, and what it is answered.

answers.py answers each tool call once, actions.py holds the six tools, arguments.py reads
what a language model wrote, calendar_tools.py offers and books times.
"""
