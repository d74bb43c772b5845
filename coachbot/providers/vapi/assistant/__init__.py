"""What a business's assistant has at Vapi, and what it is to have so that it works with us.

resources.py asks Vapi, wiring.py says what differs, tools.py has the tools in words for the model.
docs/providers/vapi.md (section 11) has the facts that this relies on.
"""
