"""Who belongs to a workspace, in which role."""
