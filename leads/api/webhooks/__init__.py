"""What Vapi and Cal.com send."""
