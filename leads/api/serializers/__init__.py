"""JSON in and out of the public endpoints. camelCase lives here.

/api/schema describes what stands here; what is not to be seen in a field is its help_text.
"""
