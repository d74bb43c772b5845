"""Forms that people already have: their addresses, and how what arrives there makes a lead."""
