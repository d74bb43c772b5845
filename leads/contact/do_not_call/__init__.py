"""The do-not-call list: who is on it, in every spelling, and how it is kept."""
