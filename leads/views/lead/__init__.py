"""The page of one lead, and what members do there."""
