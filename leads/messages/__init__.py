"""Messages with leads: opener, answers and follow-up, what leads write, and what became of each."""
