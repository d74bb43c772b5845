"""The language model that writes to leads: OpenAI's chat completions, or a service asked alike.

client.py asks it, errors.py says what its errors mean, account.py verifies an account.
docs/providers/openai.md has the facts that this relies on.
"""
