"""What is said to a lead and by it, in calls and in messages, and what is done and booked there."""
