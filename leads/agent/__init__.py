"""What the assistant can ask for in a conversation, and what it is answered.

once.py carries each tool call out once, whatever the channel; answers.py does it for what Vapi
sends. actions.py holds the tools and tools.py says them to a language model; arguments.py reads
what one wrote; calendar.py offers and books times. text/ is what a written channel needs besides.
"""
