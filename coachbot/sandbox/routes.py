"""Routes: which method and path lead to which function. Providers add what else they look at."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from coachbot.sandbox.messages import Reply, Request


@dataclass(frozen=True)
class Route:
    """A method and a path, and the function that answers them."""

    method: str
    pattern: str
    endpoint: Callable[..., Reply]


AnyRoute = TypeVar("AnyRoute", bound=Route)


def find(routes: Iterable[AnyRoute], request: Request) -> tuple[AnyRoute | None, dict[str, str]]:
    """The route of a request and what its path captures; None if there is none."""
    for route in routes:
        match = re.fullmatch(route.pattern, request.path)
        if match and route.method == request.method:
            return route, match.groupdict()
    return None, {}
