"""Ordinary long data: what people really write, at the length at which layouts break."""

from datetime import timedelta

from django.utils import timezone

from leads.models import Call, CallStatus, LaterSubmission, Lead, LeadStatus
from tests.factories import make_call, make_lead
from workspaces.models import Workspace

NAMES = (
    "Maximiliane Freifrau von Hohenlohe-Schillingsfürst-Oehringen",
    "Wolfeschlegelsteinhausenbergerdorff",
    "Nguyễn Thị Hồng Nhung",
    "Jane Doe",
)
EMAILS = (
    "maximiliane.freifrau.von.hohenlohe-schillingsfuerst@donaudampfschifffahrt.example",
    "wolfeschlegelsteinhausenbergerdorff@example.com",
    "nhung@example.com",
    "",
)
PHONES = ("+491512345678901", "+447911123456", "+84912345678", "+12025550143")
GOAL = (
    "Nach meiner Bandscheibenoperation möchte ich bis zum Sommer wieder schmerzfrei laufen, die "
    "Rückenmuskulatur aufbauen und im Herbst beim Donaudampfschifffahrtsgesellschaftslauf über "
    "zehn Kilometer mitlaufen, ohne danach eine Woche lang nicht Treppen steigen zu können."
)
ANSWERS = {
    "Wie oft trainieren Sie zur Zeit in einer gewöhnlichen Woche, und welche Sportarten sind das, "
    "wenn Sie auch an die Wege mit dem Fahrrad denken?": "Zweimal",
    "Do you have any injuries or conditions that our coaches should know about before the first "
    "session (knees, back, heart, blood pressure)?": "Bandscheibenvorfall L5/S1, 2024 operiert",
    "Rechtsschutzversicherungsgesellschaften": "Krankenversicherungskostenerstattungsantrag",
}
METADATA = {
    "utm_campaign": "herbst-2026-rueckenschmerzen-muenchen-schwabing-freimann-google-ads-exact",
    "landing_page_url": "https://www.example.com/angebote/rueckentraining?gclid=EAIaIQobChMI4v2",
}
PROFILE = {
    "goal": "Wieder schmerzfrei laufen und im Herbst zehn Kilometer schaffen",
    "schedulePref": "Dienstags und donnerstags nach 18 Uhr, samstags auch vormittags",
    "notes": "Bandscheibenoperation 2024.\nHausärztin hat Training freigegeben.",
}
SUMMARY = (
    "Maximiliane hatte 2024 eine Bandscheibenoperation und möchte wieder schmerzfrei laufen. Sie "
    "kann dienstags und donnerstags nach 18 Uhr und hat einen Termin gebucht."
)
SAID = (
    ("agent", "Guten Tag, hier ist die Assistentin des Studios. Passt es gerade?"),
    ("lead", "Ja, das ging ja schnell!"),
    ("agent", "Was möchten Sie bei uns erreichen?"),
    ("lead", GOAL),
    ("agent", "Verstanden. Dienstag um 18:30 Uhr ist frei. Passt das?"),
    ("lead", "Ja, gern. Vielen Dank."),
)


def make_ordinary_leads(workspace: Workspace) -> list[Lead]:
    """Make leads with long names, addresses, goals and questions, and return them.

    The first has everything: a booked appointment, a call with turns, what it wrote again.
    """
    now = timezone.now()
    people = zip(NAMES, EMAILS, PHONES, strict=True)
    statuses = (LeadStatus.BOOKED, LeadStatus.IN_CONVERSATION, LeadStatus.NEEDS_HUMAN, "new")
    leads = [
        make_lead(
            workspace,
            **{"name": name, "email": email, "phone": phone, "status": status, "goal": GOAL},
            **{"form_responses": ANSWERS, "form_questions": list(ANSWERS), "metadata": METADATA},
            **{"profile": PROFILE, "created_at": now - timedelta(days=40 * place)},
        )
        for place, ((name, email, phone), status) in enumerate(zip(people, statuses, strict=True))
    ]
    leads[0].booking_start, leads[0].booking_uid = now + timedelta(hours=9), "booking-1"
    leads[0].save()
    leads[2].qualification_notes = "Möchte mit der Inhaberin über den alten Vertrag sprechen."
    leads[2].save()
    for lead in leads[:3]:
        make_long_call(lead)
    make_call(leads[3], ended_reason="call.start.error-get-phone-number")
    LaterSubmission.objects.create(
        lead=leads[0],
        place=0,
        goal="Lieber erst zum Gehen: der Arzt rät vom Laufen ab.",
        form_responses={list(ANSWERS)[0]: "Dreimal"},
    )
    return leads


def make_long_call(lead: Lead) -> Call:
    """Make a call with a recording, a summary and turns."""
    started = lead.created_at + timedelta(seconds=9)
    turns = [
        {"speaker": speaker, "text": text, "second": 1.5 + 11 * place}
        for place, (speaker, text) in enumerate(SAID)
    ]
    return make_call(
        lead,
        status=CallStatus.ENDED,
        started_at=started,
        ended_at=started + timedelta(seconds=125),
        ended_reason="customer-ended-call",
        summary=SUMMARY,
        turns=turns,
        cost="0.0531",
        has_recording=True,
        created_at=lead.created_at,
    )
