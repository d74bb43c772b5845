"""A small stand-in for Vapi's HTTP API: development and test equipment.

Nothing in the product imports this package, and this package imports nothing from the product.
Facts about Vapi are written down in the project's Vapi fact sheet; the section numbers in the
comments here are its sections.
"""
