"""What else of Twilio is asked: senders, messaging services, templates."""
