"""What is planned with a lead: the plan, its steps, call-backs, and what follows a call."""
