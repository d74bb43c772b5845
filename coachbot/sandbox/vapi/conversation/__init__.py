"""What happens in a call that was placed, as Vapi tells it."""
