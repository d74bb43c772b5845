"""What an org of Vapi's has and can be given: assistants and tools (section 11)."""
