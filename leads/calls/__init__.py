"""Placing calls, and finding out what became of them."""
