"""Which page an address belongs to, where it has none of its own.

The decorators here say so of a view; what is shown to somebody who cannot be answered there leads
to that page.
"""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST, require_safe


def posted_from(page: str, **arguments: Any):
    """Let a view take POST only. page: the URL name of the page that holds its form.

    Its arguments are those of the view's own address, as far as the page takes them; `arguments`
    are further ones.
    """
    return _belonging_to(page, arguments, require_POST, is_polled=False)


def polled_from(page: str, **arguments: Any):
    """Let a view take what a script of an open page asks again and again. page: that page."""
    return _belonging_to(page, arguments, require_safe, is_polled=True)


def _belonging_to(page, arguments, limited, *, is_polled):
    def decorate(view):
        answering = limited(view)
        answering.page, answering.is_polled = (page, arguments), is_polled
        return answering

    return decorate


def comes_from_a_page(request) -> bool:
    """Tell whether a request is one that only a page makes that somebody has open."""
    return request.method == "POST" or _of_view(request, "is_polled") is True


def address_of_page(request) -> str:
    """Return the address that a person can open: the request's own, with its query, or its page."""
    page = _of_view(request, "page")
    if page is None:
        return request.get_full_path()
    name, arguments = page
    own = request.resolver_match.kwargs
    try:
        return reverse(name, kwargs={**own, **arguments})
    except NoReverseMatch:  # a page of the workspace takes nothing but its slug
        return reverse(name, kwargs={"slug": own["slug"], **arguments})


def _of_view(request, name: str) -> Any:
    match = request.resolver_match
    return getattr(match.func, name, None) if match else None
