"""Uses the Python client of openapi-generator. Prints the status of each request, one a line."""

import os

from openapi_client import ApiClient, ApiException, Configuration
from openapi_client.api.leads_api import LeadsApi
from openapi_client.models.lead_submission import LeadSubmission


def api(url: str, key: str) -> LeadsApi:
    configuration = Configuration(host=url, access_token=key)
    configuration.retries = False
    return LeadsApi(ApiClient(configuration))


def status(ask, *arguments) -> None:
    try:
        print(ask(*arguments).status_code)
    except ApiException as error:
        print(error.status)


def lead(phone: str, **fields) -> LeadSubmission:
    return LeadSubmission(name="Jane Doe", phone=phone, consent=True, **fields)


leads = api(os.environ["COACHBOT_URL"], os.environ["COACHBOT_API_KEY"])
first = lead(os.environ["PHONE"], metadata={"a": [1, {"b": None}]}, email="jane@acme.com")
receipt = leads.submit_lead_with_http_info(first)
print(receipt.status_code)
found = leads.read_lead_with_http_info(receipt.data.lead_id)
assert found.data.lead.metadata["a"][0] == 1 and found.data.lead.created_at.year > 2025
print(found.status_code)
status(leads.submit_lead_with_http_info, lead("no number"))
status(leads.submit_lead_with_http_info, lead(os.environ["PHONE"]))
limited = api(os.environ["LIMITED_URL"], os.environ["COACHBOT_API_KEY"])
status(limited.read_lead_with_http_info, receipt.data.lead_id)
status(leads.submit_lead_with_http_info, lead(os.environ["REFUSED_PHONE"]))
