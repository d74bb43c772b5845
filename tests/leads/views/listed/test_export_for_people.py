"""The export as people read it: words for codes, times of the workspace's zone."""

import csv
import io
from datetime import UTC, datetime

from tests.factories import make_call, make_lead, make_user

NIGHT = datetime(2026, 11, 10, 23, 30, tzinfo=UTC)


def exported(visit, cast, **query) -> list[dict[str, str]]:
    answer = visit(make_user(cast.workspace)).get(
        f"/admin/{cast.workspace.slug}/leads/export", layout="people", **query
    )
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_export_tells_outcome_summary_and_appointment_in_local_time(cast, visit):
    cast.workspace.time_zone = "Asia/Tokyo"
    cast.workspace.save()
    lead = make_lead(
        cast.workspace,
        **{"name": "Ada", "status": "booked", "created_at": NIGHT, "booking_start": NIGHT},
        **{"last_outcome": "talked", "profile": {"budget": "200"}},
    )
    make_call(lead, summary="Wants Tuesdays.", created_at=NIGHT)
    make_call(lead, ended_reason="customer-busy")

    row, end = exported(visit, cast)

    assert row["Received (Asia/Tokyo)"] == row["Appointment (Asia/Tokyo)"] == "2026-11-11 08:30"
    assert (row["Last call"], row["Summary"]) == ("Talked", "Wants Tuesdays.")
    assert (row["Status"], row["Work"], row["Source"]) == ("Booked", "Open", "api")
    assert row["What the agent learnt"] == "budget: 200"
    assert end["Id"] == "End of the export. Leads in this file: 1"


def test_export_for_people_guards_formulas_and_phones_too(cast, visit):
    lead = make_lead(cast.workspace, name="=1+1", closed_as="won", closed_at=NIGHT)
    make_call(lead, summary="@SUM(1)")

    row, _ = exported(visit, cast)

    assert (row["Name"], row["Phone"], row["Work"]) == ("'=1+1", f"'{lead.phone}", "Won")
    assert row["Summary"] == "'@SUM(1)"
