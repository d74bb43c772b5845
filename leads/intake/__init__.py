"""Taking a lead in."""
