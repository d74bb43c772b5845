"""The link of a mail that ends such mails, for whoever has it: no sign-in, RFC 8058.

To look changes nothing, as mail scanners follow links. A mail program POSTs on its own, without a
page of ours and so without its token; the signature in the address is what lets it in.
"""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from coachbot.http.pages import faults
from workspaces.notices import unsubscribe

WHY_NOT = "The link is not whole. Open it from the mail, or sign in and choose what you are told."


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_notices(request, token):
    """GET /notices/stop/<token> asks; POST does it, as often as it comes."""
    try:
        ending = unsubscribe.read(token)
    except unsubscribe.BadLink:
        return faults.page(404, "This link does not work", WHY_NOT)
    is_done = request.method == "POST"
    if is_done:
        unsubscribe.end(ending)
    return render(request, "workspaces/notices/stop.html", {"ending": ending, "is_done": is_done})
