"""Setting up a business's assistant at Vapi through its API, and going back."""
