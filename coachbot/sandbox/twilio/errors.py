"""Twilio's error bodies: a number, a sentence, and where to read more."""

from coachbot.sandbox.messages import Reply, json_reply

MORE = "https://www.twilio.com/docs/errors/"


def refusal(code: int, message: str, status: int = 400) -> Reply:
    """The shape of every error of the older services."""
    body = {"code": code, "message": message, "more_info": f"{MORE}{code}", "status": status}
    return json_reply(body, status)


def unauthorised() -> Reply:
    """401: the account or its token is wrong."""
    return refusal(20003, "Authenticate", 401)


def missing(path: str) -> Reply:
    """404: there is nothing under this path for this account."""
    return refusal(20404, f"The requested resource {path} was not found", 404)


def busy() -> Reply:
    """429: never processed, and safe to send again."""
    return refusal(20429, "Too Many Requests", 429)
