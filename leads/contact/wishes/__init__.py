"""When a person wants to be called, read from the words in which it was said: "at five", "next
Tuesday at 3pm", "in two hours". Pure; whether that time is possible is said elsewhere.

Every word has to mean something, or to be one that means nothing ("please"). So half of a wish is
never taken for all of it: what is not understood is asked again.
"""

from leads.contact.wishes.reading import Unreadable, read

__all__ = ["Unreadable", "read"]
