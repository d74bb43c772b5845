"""Reading arguments that a language model wrote: of any type, any length, or missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError

from coachbot.db.storable import storable
from coachbot.visible import clean_address
from leads.intake import phones
from leads.intake.submission import EMAIL


class BadArgument(ValueError):
    """An argument cannot be used; `str()` tells the assistant what to send instead."""


@dataclass(frozen=True)
class Arguments:
    """The arguments of one tool call."""

    values: Mapping[str, Any]
    country: str = ""  # of phone numbers that come without one

    def text(self, name: str, *, longest: int) -> str:
        """Return an argument as text, cut to size; "" where there is none. Raises BadArgument."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise BadArgument(f"{name} must be a text.")
        return storable(str(value)).strip()[:longest]

    def number(self, name: str, *, default: int, lowest: int, highest: int) -> int:
        """Return a whole number within bounds; also one in a string. Raises BadArgument."""
        value = self.values.get(name)
        if value is None or value == "":
            return default
        try:
            number = int(float(value)) if isinstance(value, str | int | float) else None
        except (ValueError, OverflowError):
            number = None
        if number is None:
            raise BadArgument(f"{name} must be a whole number from {lowest} to {highest}.")
        return min(highest, max(lowest, number))

    def moment(self, name: str) -> datetime:
        """Return a time; a naive one where no offset was said. Raises BadArgument."""
        value = self.text(name, longest=60)
        try:
            moment = datetime.fromisoformat(value)
            moment.astimezone(UTC)  # the first and last day of all time have none in some zones
            return moment
        except (ValueError, OverflowError) as error:
            raise BadArgument(
                f"{name} must be a start from listSlots, such as 2026-06-08T13:00:00+01:00."
            ) from error

    def email(self, name: str) -> str:
        """Return an e-mail address in lower case, "" where there is none. Raises BadArgument."""
        value = self.text(name, longest=EMAIL.longest + 1).lower()
        if not value:
            return ""
        refusal = BadArgument(f"{name} is not a valid e-mail address. Ask the lead to spell it.")
        if len(value) > EMAIL.longest:  # cut to size it would be somebody else's
            raise refusal
        try:
            return clean_address(value)
        except ValidationError as error:
            raise refusal from error

    def phone(self, name: str) -> str:
        """Return a phone number as `+` and digits, "" where there is none that can be used."""
        try:
            return phones.normalise(self.text(name, longest=40), country=self.country)
        except phones.BadPhone:
            return ""
