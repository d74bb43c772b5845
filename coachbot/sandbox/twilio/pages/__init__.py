"""Addresses of the sandbox's own, for tests and for people."""
