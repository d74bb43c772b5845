"""What members do with leads in the dashboard. Each deed writes one log row.

`activities` keeps who did what; what is done stands in a module each.
"""
