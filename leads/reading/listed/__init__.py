"""The list of leads: its tabs, orders, counts, and what stands next to a lead in it."""
