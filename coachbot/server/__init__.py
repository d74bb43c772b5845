"""How gunicorn serves Coachbot."""
