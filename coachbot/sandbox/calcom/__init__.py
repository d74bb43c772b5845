"""Cal.com: shows what is free, and takes bookings.

Facts about Cal.com are in the project's Cal.com fact sheet.
"""
