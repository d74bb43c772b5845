"""Finding out what became of calls of which nobody told."""
