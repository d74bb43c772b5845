"""Why a provider did not do what it was asked to: one table for each provider, by code.

A code stands in log rows as `vapi.no_balance`. Which one a failure has is told by the provider's
own words where the table knows some, then by the HTTP status; never by a sentence of ours.
"""

from collections.abc import Callable
from dataclasses import dataclass

from coachbot.providers import ProviderError


@dataclass(frozen=True)
class Cause:
    """One row: how to recognise it, what it means, where to fix it.

    name: of its code, without the provider. codes: the provider's own for it. words: of the
    provider, in lower case, looked for where its code is not known. statuses: HTTP statuses that
    stand for it, used where no words match. is_ours: whether Coachbot's own
    settings page is the place to fix it; else it is the provider's. is_of_lead: whether it lies in
    what was sent of one lead, so that others may pass.
    """

    name: str
    title: str
    meaning: str
    fix: str
    codes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    is_ours: bool = False
    is_of_lead: bool = False

    @property
    def is_known(self) -> bool:
        """Whether it says more than that something was refused."""
        return self.name != "unknown"


class Causes:
    """The table of a provider. It has rows for `outage`, and for each `ProviderError.code`.

    code_in: finds the provider's own code in the body of an answer, "" where it has none.
    of_lead: the codes of those that are `is_of_lead`.
    """

    def __init__(
        self, provider: str, *rows: Cause, code_in: Callable[[str], str] = lambda response: ""
    ):
        self._provider = provider
        self._code_in = code_in
        self._rows = {row.name: row for row in rows}
        self.of_lead = [f"{provider}.{row.name}" for row in rows if row.is_of_lead]

    def classify(self, error: ProviderError) -> str:
        """Return the code of a failure, such as `vapi.no_balance`."""
        return f"{self._provider}.{self._name_of(error)}"

    def _name_of(self, error: ProviderError) -> str:
        if error.status is None:
            return error.code
        code = self._code_in(error.response)
        for row in self._rows.values():
            if code and code in row.codes:
                return row.name
        said = error.response.lower()
        for row in self._rows.values():
            if any(words in said for words in row.words):
                return row.name
        for row in self._rows.values():
            if error.status in row.statuses:
                return row.name
        return "outage" if error.status >= 500 else error.code

    def explain(self, code: str) -> Cause:
        """Return the row of a code; that of `unknown` for one that the table does not have."""
        return self._rows.get(code.rpartition(".")[2], self._rows["unknown"])
