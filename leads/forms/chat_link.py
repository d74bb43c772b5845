"""The free way into a conversation: a link by which whoever sent a form writes first.

Then WhatsApp lets the agent answer without a template, and at once.
"""

import re
from urllib.parse import quote

from leads.forms import texts
from leads.forms.definition import Language
from leads.forms.thanks import Said, Thanks
from workspaces.models import Workspace

# A Messaging Service has no number of its own that people could write to.
SENDER = re.compile(r"whatsapp:\+([1-9][0-9]{6,14})", re.ASCII)
# It is offered where the agent would answer.
ANSWERED = (Said.WRITING, Said.LATER)


def chat_link(workspace: Workspace, thanks: Thanks, language: Language) -> str:
    """Return the address that opens WhatsApp with a message which names the request; "" where
    nobody would answer there.
    """
    sender = SENDER.fullmatch(workspace.twilio_sender)
    if not workspace.is_whatsapp or sender is None or thanks.said not in ANSWERED:
        return ""
    own = texts.of(language)
    form = own["chat_about"] if thanks.about else own["chat"]
    text = str(form).format(business=workspace.name, request=thanks.about)
    return f"https://wa.me/{sender[1]}?text={quote(text, safe='')}"
