"""Uses the client of openapi-python-client. Prints the status of each request, one a line."""

import os
from uuid import UUID

from coachbot_client import AuthenticatedClient
from coachbot_client.api.leads import read_lead, submit_lead
from coachbot_client.models import Error, LeadSubmission, LeadSubmissionMetadataType0


def client(url: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=url, token=os.environ["COACHBOT_API_KEY"], timeout=30)


def submit(phone: str, **fields):
    body = LeadSubmission(name="Jane Doe", phone=phone, consent=True, **fields)
    answer = submit_lead.sync_detailed(client=client(os.environ["COACHBOT_URL"]), body=body)
    print(answer.status_code.value)
    return answer.parsed


metadata = LeadSubmissionMetadataType0.from_dict({"a": [1, {"b": None}]})
receipt = submit(os.environ["PHONE"], metadata=metadata, email="jane@acme.com")
read = read_lead.sync_detailed(
    UUID(str(receipt.lead_id)), client=client(os.environ["COACHBOT_URL"])
)
print(read.status_code.value)
assert read.parsed.lead.metadata["a"][0] == 1 and read.parsed.lead.created_at.year > 2025
refused = submit("no number")
assert isinstance(refused, Error) and refused.issues[0].path == ["phone"]
assert submit(os.environ["PHONE"]).error == "duplicate_phone"
limited = read_lead.sync_detailed(
    UUID(str(receipt.lead_id)), client=client(os.environ["LIMITED_URL"])
)
print(limited.status_code.value)
assert submit(os.environ["REFUSED_PHONE"]).error == "voice_dispatch_failed"
