"""A form is done once, however often it is sent: by a double click, a reload, or Back.

What tells one form from the next is the token that Django puts into each of them against forgery:
it is another one whenever a page is rendered, and no form is accepted without. So no form can
forget it. The same token with other fields is another form: somebody went back and typed anew.
A script that sends the token as a header instead is not held to be a form.

An answer tells by its status what came of it:
a redirect: it is done. 201: it is done, and the answer is the only page that shows what was made.
200: the form came back as it was not right. 400 and more: it was refused or failed. After these
two it may be sent again.
"""

import hashlib
import logging

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect

from coachbot.http.outage import AWAY
from coachbot.http.pages.form_pages import address_of_page
from coachbot.sent_forms import claims
from coachbot.sent_forms.claims import Claim, Sent

logger = logging.getLogger(__name__)

TOKEN = "csrfmiddlewaretoken"
DONE = "That was already sent, so it was not done again."
RUNNING = (
    "That was already sent and is being done. Reload the page in a moment to see what came of it."
)


class ShownOnce(HttpResponse):
    """A page that shows something for the only time, as the answer to a form.

    page: the address of the page for whoever sends the form again. said: what they are told.
    """

    status_code = 201

    def __init__(self, html: str, *, page: str, said: str):
        super().__init__(html, headers={"Location": page})
        self.said = said


def earlier_answer(request) -> HttpResponse | None:
    """Return the answer to a form that was done before, None to any other request.

    Asked before anything else: what the form was about may be gone, or have another address now.
    """
    digest = _digest(request)
    sent = claims.find(digest) if digest else None
    return _told(request, sent) if sent and sent.location else None


def answered_once(request, view, **kwargs) -> HttpResponse:
    """Return a view's answer; to a form that was sent before, where the first was led to."""
    digest = _digest(request)
    if not digest:
        return view(request, **kwargs)
    claim = claims.claim(digest)
    if isinstance(claim, Sent):
        return _told(request, claim)
    try:
        response = view(request, **kwargs)
    except BaseException:
        claim.release()
        raise
    _end(claim, response)
    return response


def _digest(request) -> str:
    if request.method != "POST" or TOKEN not in request.POST or not request.user.is_authenticated:
        return ""
    fields = [request.POST.urlencode(), *map(_digest_of_file, request.FILES.values())]
    return claims.digest(sender=request.user.pk, path=request.path, fields="\n".join(fields))


def _digest_of_file(file: UploadedFile) -> str:
    digest = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    return digest


def _end(claim: Claim, response: HttpResponse) -> None:
    said = response.said if isinstance(response, ShownOnce) else DONE
    location = response.headers.get("Location", "")
    try:
        if location:
            claim.keep(Sent(location, said))
        else:
            claim.release()
    except AWAY:  # it was done all the same, and the person is told of that
        logger.exception("It could not be written down that a form was done")


def _told(request, sent: Sent) -> HttpResponse:
    messages.warning(request, sent.said or RUNNING)
    return HttpResponseRedirect(sent.location or address_of_page(request))
