"""The operations of keys that do more than submit and read: listing leads, and erasing one."""

from coachbot.http import errors
from coachbot.http.openapi import answer, error_answers
from leads.api.description import examples
from leads.api.description.answers import OF_A_KEY, headers
from leads.api.description.operations import LEAD_ID
from leads.api.listing import LONGEST_CURSOR, LeadListSerializer
from leads.intake.submission import PHONE, CameBy
from leads.models import LeadStatus
from leads.models.source import LONGEST
from leads.reading.listing import DEFAULT_SIZE, LARGEST_SIZE


def query_parameter(name: str, description: str, **schema) -> dict:
    """Return a part of the query, which may be missing."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": {"type": "string", **schema},
    }


FILTERS = [
    query_parameter("status", "Leads that stand there.", enum=LeadStatus.values),
    query_parameter(
        "phone",
        "The lead with this number, in any spelling. Write `+` as `%2B`.",
        minLength=PHONE.shortest,
        maxLength=PHONE.longest,
    ),
    query_parameter(
        "since",
        "Leads whose `createdAt` is this or later: ISO 8601 with a zone. Write `+` as `%2B`.",
        format="date-time",
    ),
    query_parameter(
        "source",
        "Leads with this `metadata.utm_source`. Those without one have for their source by "
        f"which way they came in: {', '.join(f'`{way}`' for way in CameBy.values)}.",
        minLength=1,
        maxLength=LONGEST,
    ),
]
LIMIT = {
    "name": "limit",
    "in": "query",
    "description": "How many leads a page has at most.",
    "schema": {
        "type": "integer",
        "minimum": 1,
        "maximum": LARGEST_SIZE,
        "default": DEFAULT_SIZE,
    },
}
CURSOR = query_parameter(
    "cursor",
    "The `nextCursor` of the page before. It is good for a list with the same filters.",
    minLength=1,
    maxLength=LONGEST_CURSOR,
)
GO_ON = {
    "nextPage": {
        "operationId": "listLeads",
        "parameters": {"cursor": "$response.body#/nextCursor"},
        "description": "The leads after these.",
    }
}

LIST_LEADS = {
    "operationId": "listLeads",
    "tags": ["Leads"],
    "summary": "List leads",
    "description": "The leads of the workspace, the newest `createdAt` first, page by page. Leads "
    "that come in or are erased meanwhile move no other. Needs the scope `leads:list`.",
    "parameters": [LIMIT, CURSOR, *FILTERS],
    "responses": {
        "200": answer(
            "A page.",
            LeadListSerializer,
            examples={"a page": examples.PAGE, "the last page": examples.LAST_PAGE},
            headers=headers(200),
            links=GO_ON,
        ),
        **error_answers([*OF_A_KEY, errors.VALIDATION_FAILED], headers),
    },
}

ERASE_LEAD = {
    "operationId": "eraseLead",
    "tags": ["Leads"],
    "summary": "Erase a lead",
    "description": "Erases the lead, its calls and what the log holds of the person, as the "
    "dashboard does. It cannot be undone, and the phone is free again. Needs the scope "
    "`leads:erase`. While the lead is being called the answer is 503.",
    "parameters": [LEAD_ID],
    "responses": {
        "204": {"description": "The lead is gone.", "headers": headers(204)},
        **error_answers([*OF_A_KEY, errors.LEAD_NOT_FOUND], headers),
    },
}
