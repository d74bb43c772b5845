"""What Vapi, Cal.com and Twilio send."""
