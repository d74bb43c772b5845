"""What /docs says of lists and scopes: the walk, run as it stands there, and which key may what."""

import re

import pytest

from coachbot.docs import pages
from tests.factories import make_key, make_lead
from workspaces.models import SCOPES


def walk_of(base_url, key, monkeypatch):
    """Return the page's own function, asking a test server."""
    monkeypatch.setenv("COACHBOT_API_KEY", key)
    text = pages.text_of(pages.BY_NAME["list-leads"])
    [code] = re.findall(r"```python\n((?:(?!```).)*def all_leads.*?)```", text, re.DOTALL)
    names = {}
    exec(code, names)
    names["URL"] = base_url
    return names["all_leads"]


def test_walk_meets_every_lead_that_fits(web, cast, monkeypatch):
    wanted = {str(make_lead(cast.workspace, status="booked").pk) for _ in range(101)}
    make_lead(cast.workspace)
    all_leads = walk_of(web.base_url, make_key(cast.workspace, preset="crm"), monkeypatch)

    met = [lead["id"] for lead in all_leads(status="booked")]

    assert len(met) == 101 and set(met) == wanted


def test_walk_waits_where_the_limit_is_reached(start_web, cast, monkeypatch):
    web = start_web(PUBLIC_API_READ_LIMITS="1/3s")
    for _ in range(101):
        make_lead(cast.workspace)

    met = list(walk_of(web.base_url, cast.key, monkeypatch)())

    assert len(met) == 101
    assert cast.workspace.log.filter(code="api.list_leads", status_code=429).exists()


@pytest.mark.parametrize("preset", SCOPES)
def test_table_of_scopes_is_that_of_the_code(preset):
    text = pages.text_of(pages.BY_NAME["authentication"])

    scopes = ", ".join(f"`{scope}`" for scope in SCOPES[preset])
    assert f"| {preset.label} | {scopes} |" in text
