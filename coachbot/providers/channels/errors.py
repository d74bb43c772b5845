"""Why a channel took no message: Slack answers in words, others by the status alone.

docs/providers/channels.md says where the words come from.
"""

from coachbot.providers.causes import Cause, Causes

CAUSES = Causes(
    "channel",
    Cause(
        "gone",
        "No such channel",
        "There is no webhook at this address any more.",
        "Make a new one for the channel, and enter its address.",
        words=(
            *("no_service", "no_active_hooks", "channel_not_found", "channel_is_archived"),
            *("no_team", "team_disabled", "invalid_token", "unknown webhook"),
        ),
        statuses=(404, 410),
    ),
    Cause(
        "refused",
        "Refused",
        "The channel does not take messages from here.",
        "Look at the webhook's settings at Slack, Mattermost or Discord.",
        statuses=(400, 401, 403, 405),
    ),
    Cause(
        "busy",
        "Too many messages",
        "The channel takes no more messages just now.",
        "It is tried again by itself. Wait.",
        statuses=(429,),
    ),
    Cause(
        "address_refused",
        "Address inside",
        "The address leads into a private network, so nothing is sent there.",
        "Enter the address of a webhook on the public internet.",
    ),
    Cause(
        "unreachable",
        "Out of reach",
        "No connection could be made.",
        "Check the address. It is tried again by itself.",
    ),
    Cause(
        "outage",
        "Not well",
        "The channel's server failed.",
        "It is tried again by itself. Wait.",
    ),
    Cause(
        "too_busy",
        "Coachbot was too busy",
        "So many messages were under way that this one was not sent.",
        "It is tried again by itself. Wait.",
    ),
    Cause(
        "unreadable",
        "Address cannot be opened",
        "The stored address was sealed with a key that ENCRYPTION_KEY does not hold.",
        "Enter the address anew.",
    ),
    Cause(
        "unknown",
        "Not taken",
        "The channel gave no answer that says it took the message.",
        "It is tried again by itself. Wait.",
    ),
)
