"""How tests hash passwords."""

from coachbot.passwords import BoundedHasher


class QuickHasher(BoundedHasher):
    """Production's own hasher, with a thousandth of its work."""

    iterations = 1_000
