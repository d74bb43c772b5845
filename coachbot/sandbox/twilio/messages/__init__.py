"""Messages to leads: taking them, delivering them, listing them."""
