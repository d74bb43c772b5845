"""The mail that invites a person to a workspace.

It goes to people who may never have heard of it, on the word of a member, so nothing that a member
can write freely is in its subject, and nothing in its text that a mail program makes a link of.
"""

import re

from django.template.loader import render_to_string

from coachbot.mail import outbox
from coachbot.visible import without_turning
from workspaces.models import Invitation, User, Workspace

SUBJECT = "You are invited to a workspace on Coachbot"
LONGEST_NAME = 60
# What a mail program may make a link of: acme.example, a:b, a/b, a@b, www.
LIKE_A_LINK = re.compile(r"\w[.\u3002\uff0e\uff61]\w|[:/\\@]|www", re.IGNORECASE)


def send(invitation: Invitation, inviter: User, link: str) -> None:
    """Write the mail. Raises ValueError for an address that no mail can be written to."""
    context = {
        "workspace": name_for_strangers(invitation.workspace),
        "inviter": inviter,
        "invitation": invitation,
        "link": link,
    }
    text = render_to_string("workspaces/invitation.txt", context)
    outbox.send(to=invitation.email, subject=SUBJECT, text=text)


def name_for_strangers(workspace: Workspace) -> str:
    """Return a workspace's name on one line, or its slug where the name may be an advertisement."""
    name = without_turning(workspace.name)
    if len(name) > LONGEST_NAME or LIKE_A_LINK.search(name):
        return workspace.slug
    return name
