"""Whether a person may be contacted now: gate.py decides, daily_count.py counts."""
