"""What a failed request to Vapi means, in plain words: one table, by code.

Vapi's 400 covers everything from a typo to an empty wallet, so its words count before its
status. docs/providers/vapi.md (section 3) says where the words come from.
"""

from coachbot.providers import ProviderError
from coachbot.providers.causes import Cause, Causes

CAUSES = Causes(
    "vapi",
    Cause(
        "not_connected",
        "Vapi is not connected",
        "This workspace has no Vapi account, so nobody can be called.",
        "Enter the API key, the assistant and the phone number in the settings.",
        is_ours=True,
    ),
    Cause(
        "unreadable_credentials",
        "The stored Vapi account cannot be read",
        "It was sealed with an encryption key that this server does not have.",
        "Ask who runs the server to restore ENCRYPTION_KEY, or enter the account again.",
        is_ours=True,
    ),
    # This one and the next only stand in rows of releases before 0.2: such leads are held now.
    Cause(
        "workspace_daily_limit",
        "The workspace's own limit of calls a day is reached",
        "Coachbot stops here so that a stolen API key cannot run up a bill.",
        "It starts anew at midnight UTC. Raise it in the settings if these calls are wanted.",
        is_ours=True,
    ),
    Cause(
        "country_not_allowed",
        "This country is not on the workspace's list",
        "The settings name the countries that may be called, and this number is elsewhere.",
        "Add the country in the settings if such calls are wanted.",
        is_ours=True,
    ),
    Cause(
        "invalid_key",
        "Vapi does not accept the API key",
        "The key was deleted in Vapi, is mistyped, or is a public key instead of a private one.",
        "Copy the private key from Vapi (Organization, API keys) into the settings, then verify.",
        words=("invalid key", "missing authorization header"),
        statuses=(401,),
        is_ours=True,
    ),
    Cause(
        "assistant_missing",
        "The assistant does not exist",
        "It was deleted in Vapi, or its id belongs to another Vapi organization than the key.",
        "Copy the id of an existing assistant from Vapi into the settings, then verify.",
        words=("couldn't get assistant", "assistantid must be a uuid"),
        is_ours=True,
    ),
    Cause(
        "phone_number_missing",
        "The phone number id does not exist",
        "The number that calls are made from was removed in Vapi, or its id is mistyped. "
        "The id is a UUID, not the number itself.",
        "Copy the id of a phone number from Vapi into the settings, then verify.",
        words=("couldn't get phone number", "phonenumberid must be a uuid", "`phonenumber`"),
        is_ours=True,
    ),
    Cause(
        "vapi_daily_limit",
        "Vapi's daily limit of its own numbers is reached",
        "Numbers bought at Vapi may only make a few calls a day. Every further call fails today.",
        "Import a number of your own, for example from Twilio, in Vapi, "
        "and enter its id in the settings.",
        words=("daily outbound call limit",),
    ),
    Cause(
        "cannot_dial_out",
        "This phone number cannot make calls",
        "It is of a kind that only receives them.",
        "Choose another phone number in Vapi and enter its id in the settings.",
        words=("can't dial outbound",),
    ),
    Cause(
        "concurrency",
        "All lines are busy",
        "The Vapi account has as many calls going on at once as it may.",
        "Retry in a minute. If it happens often, buy more concurrency in Vapi.",
        words=("concurrency",),
    ),
    Cause(
        "trial_account",
        "The Twilio account is a trial",
        "A trial account may only call numbers that were verified at Twilio.",
        "Upgrade the Twilio account, or verify the number there.",
        words=("trial accounts",),
    ),
    Cause(
        "no_balance",
        "The Vapi account has no credit",
        "Vapi places no call until it is paid for.",
        "Add credit in Vapi (Organization, Billing).",
        words=("insufficient", "balance", "wallet", "credits"),
        statuses=(402,),
    ),
    Cause(
        "bad_number",
        "Vapi does not accept the lead's number",
        "It is no complete phone number with its country code, or none that can be dialled.",
        "Correct the number where it was entered and send the lead again.",
        words=("customer.number", "e.164"),
        is_of_lead=True,
    ),
    Cause(
        "our_request",
        "Vapi does not understand the request",
        "A field that Coachbot sends is refused. This is a bug in Coachbot or a change at Vapi.",
        "Report it with the request id of this row.",
        words=("should not exist", "must be shorter than"),
        is_of_lead=True,
    ),
    Cause(
        "blocked",
        "The request was stopped before it reached Vapi",
        "Cloudflare, which stands in front of Vapi, turned this server away.",
        "Retry later. If it goes on, ask Vapi's support about this server's address.",
        words=("error code: 1010",),
        statuses=(403,),
    ),
    Cause(
        "rate_limited",
        "Too many requests to Vapi",
        "The Vapi account asked for more in a short time than it may.",
        "Retry in a minute.",
        words=("rate limit exceeded",),
        statuses=(429,),
    ),
    Cause(
        "too_busy",
        "Coachbot was too busy",
        "The call could not be begun in time, so it was not begun at all.",
        "Retry now. If it happens often, give the server more processes.",
    ),
    Cause(
        "unreachable",
        "Vapi could not be reached",
        "No connection came about. Vapi, or the network of this server, is down.",
        "Retry in some minutes, and look at status.vapi.ai.",
    ),
    Cause(
        "silent",
        "Vapi did not answer clearly",
        "The request was sent, but no usable answer came back. Coachbot then looks at Vapi "
        "whether the call exists, and never calls twice.",
        "Retry: it settles the first attempt. If it goes on, look at status.vapi.ai.",
        statuses=(408,),
    ),
    Cause(
        "outage",
        "Vapi has trouble",
        "Vapi answered with an error of its own. "
        "Coachbot then looks there whether the call exists.",
        "Retry in some minutes, and look at status.vapi.ai.",
    ),
    Cause(
        "unknown",
        "Vapi refused the call",
        "Its message is not one that Coachbot knows.",
        "Read the message above, and compare the settings with what Vapi shows.",
    ),
)


def sentence(error: ProviderError) -> str:
    """Return what a failure means and how to mend it; Vapi's own words where that is not known."""
    cause = CAUSES.explain(error.code)
    return f"{cause.title}. {cause.fix}" if cause.is_known else f"Vapi does not do it. {error}"
