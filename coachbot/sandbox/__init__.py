"""Stand-ins for the providers that Coachbot talks to: development and test equipment.

One server plays them all, each in a folder of its own; registry.py says how one is added.
`python -m coachbot.sandbox --help` tells what it can do.

Nothing in the product imports this package, and this package imports nothing from the product.
It is no part of a deployment: Django knows it with DEBUG=1 only, and the image does not hold it.
"""
