"""The kinds of notices: how each is headed, and who is told of it unless they choose otherwise."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from workspaces.models import NoticeKind, Role


@dataclass(frozen=True)
class Kind:
    """What stands above notices of a kind: `1 lead needs a person`, `12 leads need a person`.

    hint: what it comprises, for who chooses.
    """

    one: str
    many: str
    hint: str

    def counted(self, number: int) -> str:
        """Return how many there are, in words."""
        return f"{number} {self.one if number == 1 else self.many}"


KINDS = {
    NoticeKind.NEEDS_HUMAN: Kind(
        "lead needs a person",
        "leads need a person",
        "The agent asked for one, or an appointment was called off.",
    ),
    NoticeKind.BOOKED: Kind(
        "appointment is booked", "appointments are booked", "By the agent or in the calendar."
    ),
    NoticeKind.BOOKING_MOVED: Kind(
        "appointment is moved", "appointments are moved", "To another time."
    ),
    NoticeKind.WROTE_AGAIN: Kind(
        "lead wrote again", "leads wrote again", "A known phone number was submitted with news."
    ),
    NoticeKind.UNREACHED: Kind(
        "lead was not reached", "leads were not reached", "The last attempt of the plan is over."
    ),
    NoticeKind.AGENT_TROUBLE: Kind(
        "thing about the agent",
        "things about the agent",
        "Account, events, calendar, forms or worker.",
    ),
    NoticeKind.ENDPOINT_OFF: Kind(
        "address is switched off",
        "addresses are switched off",
        "A webhook or the channel took nothing for days.",
    ),
    NoticeKind.LIMIT_NEAR: Kind(
        "limit is nearly used", "limits are nearly used", "Calls, or tokens, of a day."
    ),
}
# What keeps people waiting is told at once, the rest in the morning; members who are neither
# owner nor admin are told nothing they did not ask for.
URGENT = (NoticeKind.NEEDS_HUMAN, NoticeKind.AGENT_TROUBLE, NoticeKind.ENDPOINT_OFF)
OF_THE_MORNING = tuple(kind for kind in NoticeKind if kind not in URGENT)
IN_CHANNEL = (NoticeKind.NEEDS_HUMAN, NoticeKind.BOOKED, NoticeKind.AGENT_TROUBLE)


def by_default(role: str) -> tuple[Sequence[NoticeKind], Sequence[NoticeKind]]:
    """Return the kinds that a role is told of at once, and in the morning."""
    return (URGENT, OF_THE_MORNING) if Role(role).includes(Role.ADMIN) else ((), ())


def read(column: str) -> tuple[NoticeKind, ...]:
    """Return the kinds that a column holds."""
    return tuple(NoticeKind(word) for word in column.split(",") if word)


def written(kinds: Collection[str]) -> str:
    """Return kinds as a column holds them, in the order in which they are said."""
    return ",".join(kind for kind in NoticeKind if kind in kinds)


def in_order(kinds: Iterable[str]) -> list[NoticeKind]:
    """Return each of some kinds once, in the order in which they are said."""
    known = set(kinds)
    return [kind for kind in NoticeKind if kind in known]
