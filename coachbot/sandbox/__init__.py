"""A small stand-in for Vapi and Cal.com: development and test equipment.

It answers Vapi's HTTP API at the top and Cal.com's below /v2, and plays the calls that it
accepts: events and tool calls go to the server URL that it was told.

Nothing in the product imports this package, and this package imports nothing from the product.
Facts about Vapi are written down in the project's Vapi fact sheet; the section numbers in the
comments here are its sections.
"""
