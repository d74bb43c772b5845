"""What is entered of an account, one module for each provider, and the registry of them all.

A provider is added by a module as these, with a form and a Connection, and its row in registry.py.
"""
