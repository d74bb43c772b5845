"""A page of a list, as its request asks for it, with the addresses of those beside it."""

from django.http import Http404, QueryDict

from coachbot.db import keyset

CURSORS = ("older", "newer")
# What of an address holds for a moment: a place in the list, what a page that is watched has seen,
# and what was just done.
PASSING = (*CURSORS, "version", "done")


def paginate(request, queryset, order: keyset.Order = keyset.NEWEST) -> dict:
    """Return `page`, `older_url` and `newer_url` for a template.

    Raises Http404 for a cursor that no page gave out.
    """
    cursors = {name: request.GET.get(name, "") for name in CURSORS}
    try:
        page = keyset.page(queryset, **cursors, order=order)
    except keyset.BadCursor as error:
        raise Http404(str(error)) from error
    return {
        "page": page,
        "older_url": _with(request, older=page.older) if page.older else "",
        "newer_url": _with(request, newer=page.newer) if page.newer else "",
    }


def without_cursor(request) -> QueryDict:
    """Return the request's query without what holds for a moment: the filters alone."""
    query = request.GET.copy()
    for name in PASSING:
        query.pop(name, None)
    return query


def _with(request, **cursor: str) -> str:
    query = without_cursor(request)
    query.update(cursor)
    return f"?{query.urlencode()}"
