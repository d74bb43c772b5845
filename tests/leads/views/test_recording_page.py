"""Hearing a call in the dashboard: /admin/<slug>/leads/<id>/recording."""

import uuid

import pytest
import requests

from leads.models import Call
from tests.factories import make_cast, make_user
from workspaces.models import Credential


@pytest.fixture
def page(cast, reporter, lead_id):
    """The path of a lead whose call has a recording."""
    reporter.report(cast.placed()[0])
    return f"/admin/{cast.workspace.slug}/leads/{lead_id}"


@pytest.mark.parametrize("role", ["owner", "agent"])
def test_members_are_led_to_a_fresh_link(cast, visit, page, role):
    answer = visit(make_user(cast.workspace, role)).get(f"{page}/recording")

    sound = requests.get(answer.headers["Location"], timeout=10)
    assert (answer.status_code, sound.headers["Content-Type"]) == (302, "audio/wav")
    assert "no-store" in answer.headers["Cache-Control"]


def test_strangers_find_nothing(sandbox, visit, page):
    stranger = make_user(make_cast(sandbox).workspace)

    assert visit().get(f"{page}/recording").status_code == 404
    assert visit(stranger).get(f"{page}/recording").status_code == 404


def test_earlier_call_has_its_own_recording(cast, visit, page, lead_id, second_call):
    first = Call.objects.get(lead_id=lead_id)
    second_call(lead_id)
    member = visit(make_user(cast.workspace))

    assert member.get(f"{page}/recording", call=first.pk).status_code == 302
    assert member.get(f"{page}/recording").status_code == 404


@pytest.mark.parametrize("call", ["x", str(uuid.uuid4())])
def test_unknown_call_has_no_recording(cast, visit, page, call):
    answer = visit(make_user(cast.workspace)).get(f"{page}/recording", call=call)

    assert answer.status_code == 404


def test_vapi_out_of_reach_is_said(cast, visit, page):
    Credential.objects.filter(workspace=cast.workspace, kind="vapi").delete()

    answer = visit(make_user(cast.workspace)).get(f"{page}/recording")

    assert answer.status_code == 502
    assert answer.text.startswith("The recording cannot be had right now. Vapi is not connected")


def test_recording_plays_in_the_browser(cast, browse, page):
    tab = browse(make_user(cast.workspace))
    tab.goto(page)

    seconds = tab.evaluate(
        """() => new Promise((resolve, reject) => {
            const player = document.querySelector("audio");
            player.onloadedmetadata = () => resolve(player.duration);
            player.onerror = () => reject(new Error(player.error.message));
            player.preload = "metadata";
            player.load();
        })"""
    )

    assert seconds == pytest.approx(1, abs=0.1)
