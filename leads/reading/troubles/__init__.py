"""What keeps the agent from its work, by facts since it last worked: nobody has to clear it."""
