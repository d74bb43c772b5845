"""A language model behind an OpenAI-compatible address: rules play a sensible agent.

docs/providers/openai.md has the facts about such servers that are played here.
"""
