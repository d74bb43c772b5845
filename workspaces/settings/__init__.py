"""What admins change about a workspace."""
