"""The bodies in which Vapi, and Cloudflare in front of it, say no."""

from http import HTTPStatus

from coachbot.sandbox.messages import Reply, json_reply, text_reply


def refusal(status: int, message: str | list[str]) -> Reply:
    """Vapi's usual error body (section 3); `message` is one text or a list of texts."""
    phrase = HTTPStatus(status).phrase
    return json_reply({"message": message, "error": phrase, "statusCode": status}, status)


def cloudflare_1010() -> Reply:
    """What Cloudflare says to a client it does not like, before Vapi hears of it (section 1)."""
    return text_reply(403, "error code: 1010")


def invalid_key() -> Reply:
    """Vapi's 401 for a key that is wrong or public."""
    hint = "you may be using the private key instead of the public key, or vice versa."
    return refusal(401, f"Invalid Key. Hot tip, {hint}")
