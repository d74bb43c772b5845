"""The outside services that Coachbot calls, and the three ways in which a call to one fails."""


class ProviderError(Exception):
    """A provider did not do what it was asked to; `str()` says what it answered.

    status: the HTTP status of the answer, None where there was none.
    response: the body of the answer, or "".
    code: what it means, a word of the provider's table in its errors.py or one of those here.
    retry_after: seconds after which it says that it may be asked again, None where it does not.
    """

    code = "unknown"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        response: str = "",
        retry_after: float | None = None,
    ):
        super().__init__(message)
        self.status = status
        self.response = response
        self.retry_after = retry_after


class Refused(ProviderError):
    """It answered no: nothing was done."""


class Unreachable(ProviderError):
    """The request was never sent: nothing was done."""

    code = "unreachable"


class Forbidden(Unreachable):
    """Its host leads to an address inside, so nobody was asked; `str()` says where to."""

    code = "address_refused"


class Unclear(ProviderError):
    """The request was sent, and what became of it is not known."""

    code = "silent"
