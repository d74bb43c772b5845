"""What the pages of a form are made of, and the script that puts one into another page."""

import json

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from leads.forms import colours, logos, sources, texts
from leads.forms.versions import Version
from leads.views.form.answers import FIRST
from leads.views.form.pages import form_of_workspace, nothing_here
from workspaces.models import Workspace

A_YEAR, A_MOMENT = 365 * 24 * 3600, 300  # seconds
ACCENT = """:root {{
  --fill: {fill};
  --on-fill: {on_fill};
  --accent: {ink};
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --accent: {dark_ink};
  }}
}}
"""


@require_safe
def form_accent(request, accent: str):
    """GET /forms/accent-<colour>.css: the colours of a form, as no style stands in its page."""
    shades = colours.shades_of(f"#{accent}")
    return _lasting(HttpResponse(ACCENT.format(**vars(shades)), content_type="text/css"))


@require_safe
@form_of_workspace
def form_logo(request, workspace: Workspace, version: Version, digest: str):
    """GET /forms/<slug>/logo/<digest>"""
    return picture(workspace, digest) or nothing_here()


def picture(workspace: Workspace, digest: str) -> HttpResponse | None:
    """Return a logo of a workspace, None where there is none of that digest."""
    logo = logos.find(workspace, digest)
    if logo is None:
        return None
    return _lasting(HttpResponse(bytes(logo.data), content_type=logo.media_type))


def _lasting(response: HttpResponse) -> HttpResponse:
    """Let caches keep what never changes at its address."""
    patch_cache_control(response, public=True, max_age=A_YEAR, immutable=True)
    return response


@require_safe
@form_of_workspace
def form_embed(request, workspace: Workspace, version: Version):
    """GET /forms/<slug>/embed.js: the one line that a site needs."""
    title = version.definition.title or texts.of(version.definition.language)["title"]
    told = {
        "title": title,
        "sites": workspace.form_sites.split(",") if workspace.form_sites else [],
        "passed": [*sources.PARAMETERS, *FIRST],
    }
    # As a JavaScript value: JSON is one since 2019, also with U+2028 in it.
    script = render_to_string("forms/embed.js", {"told": json.dumps(told)})
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    patch_cache_control(response, public=True, max_age=A_MOMENT)
    return response
