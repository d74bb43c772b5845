"""A person who wrote in, and what members did with it."""
