"""Which views take a file. All others drop what is sent as one, and refuse what is long."""

from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.urls import Resolver404, resolve

from coachbot.http.bodies.sizes import LARGEST_FORM, LARGEST_UPLOAD


def takes_file(view):
    """Let the form of a view have a file, kept in memory. Its body may be LARGEST_UPLOAD long."""
    view.takes_file = True
    return view


def largest_body_of(request, length: int) -> int:
    """Return how many bytes the body of a page's form may have. length: what it says it has."""
    if length <= LARGEST_FORM:  # nearly all: that is right for any view
        return LARGEST_FORM
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return LARGEST_FORM
    return LARGEST_UPLOAD if _takes_file(view) else LARGEST_FORM


def let_in(request, view) -> None:
    """Have the file of a form read, where its view takes one. Before anything reads the form."""
    if _takes_file(view):
        request.upload_handlers = [MemoryFileUploadHandler(request)]


def _takes_file(view) -> bool:
    return getattr(view, "takes_file", False) is True
