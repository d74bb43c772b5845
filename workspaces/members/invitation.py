"""The mail that tells people that they were added to a workspace.

It goes to people who may never have heard of it, on the word of a member, so nothing that a member
can write freely is in its subject, and nothing in its text that a mail program makes a link of.
"""

import logging
import re
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from coachbot.mail import outbox
from coachbot.visible import without_turning
from workspaces.models import Membership, User, Workspace

logger = logging.getLogger(__name__)

SUBJECT = "You were added to a workspace on Coachbot"
LONGEST_NAME = 60
# What a mail program may make a link of: acme.example, a:b, a/b, a@b, www.
LIKE_A_LINK = re.compile(r"\w[.\u3002\uff0e\uff61]\w|[:/\\@]|www", re.IGNORECASE)


def send(membership: Membership, inviter: User) -> bool:
    """Write the mail. Return False where none will reach the person."""
    user = membership.user
    sign_in, password = reverse("sign_in"), _path_to_a_password(user)
    is_new = not user.has_usable_password()
    context = {
        "workspace": name_for_strangers(membership.workspace),
        "inviter": inviter,
        "role": membership.get_role_display(),
        "link": settings.PUBLIC_BASE_URL + (password if is_new else sign_in),
        "is_new": is_new,
    }
    text = render_to_string("workspaces/invitation.txt", context)
    lasts = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    try:
        outbox.send(to=user.email, subject=SUBJECT, text=text, lasts=lasts)
    except ValueError:  # an address that was stored before addresses were looked at
        logger.exception("No mail can be written to member %s", user.pk)
        return False
    return not settings.MAIL_IS_OFF


def name_for_strangers(workspace: Workspace) -> str:
    """Return a workspace's name on one line, or its slug where the name may be an advertisement."""
    name = without_turning(workspace.name)
    if len(name) > LONGEST_NAME or LIKE_A_LINK.search(name):
        return workspace.slug
    return name


def _path_to_a_password(user: User) -> str:
    """Return the path to set a password; made for everybody, so that the time tells nothing."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return reverse("password_reset_confirm", kwargs={"uidb64": uid, "token": token})
