"""A lead at one moment, as callers of the API and listeners of events see it."""
