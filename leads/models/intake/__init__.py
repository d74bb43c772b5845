"""What leads come in by: forms, addresses of forms, and what of a submission is kept."""
