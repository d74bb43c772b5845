"""Where members connect forms that they already have: /admin/<slug>/connect-form."""
