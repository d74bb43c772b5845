"""A bad day: everything breaks in turn while leads keep coming in. `make bad-day MINUTES=60`.

The promises of docs/guarantees.md are held against what was answered, written and dialled.
"""
