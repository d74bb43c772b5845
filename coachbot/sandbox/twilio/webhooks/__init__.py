"""What Twilio posts to its customers, and how it signs it."""
