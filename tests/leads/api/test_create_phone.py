"""POST /api/public/leads: phone numbers as people write them, and what is no phone number."""

import pytest

from leads.models import Lead
from tests.client import Api
from tests.envelope import VALIDATION_FAILED, assert_error, issue
from tests.factories import make_cast

MESSAGE = "Phone must be a valid E.164-style number."


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("+447123456789", "+447123456789"),
        ("447123456789", "+447123456789"),
        ("+44 (7123) 456-789", "+447123456789"),
        (" +44 7123 456789 ", "+447123456789"),
        ("(44)7123456789", "+447123456789"),
        ("1234567", "+1234567"),
        ("+123456789012399", "+123456789012399"),
        ("+1 (234) - 567 - 890 - (12399)--", "+123456789012399"),
    ],
)
def test_phone_is_normalised(api, cast, written, normal):
    response = api.submit(phone=written)

    assert response.status_code == 201
    assert Lead.objects.get(pk=response.json()["leadId"]).phone == normal
    assert cast.placed()[0].body["customer"]["number"] == normal


@pytest.mark.parametrize(
    "phone",
    [
        None,
        "",
        "       ",
        447123456789,
        list("+447123456789"),  # as many members as a phone has characters
        dict.fromkeys("+447123456"),
        True,
        ["+447123456789"],
        {"number": "+447123456789"},
        "123456",
        "+123456",
        "12 3456",
        "+1234567890123456",
        "0447123456789",
        "+0447123456789",
        "(0)447123456789",
        "++447123456789",
        "44+7123456789",
        "(+44)7123456789",
        "+44.7123.456789",
        "+44/7123/456789",
        "+44 7123 456789 ext 5",
        "+44\t7123456789",
        "+447123456789\n",
        "+44\u00a07123456789",
        "+44\u20117123456789",
        "+٤٤٧١٢٣٤٥٦٧٨٩",
        "+\uff14\uff147123456789",
        "+44712345678\0",
        "+4471234567\ud800",
        "-------",
        "+      ",
        "+1" + " " * 25 + "234567",
    ],
)
def test_anything_else_is_refused(api, cast, phone):
    response = api.submit(phone=phone)

    assert_error(response, 400, VALIDATION_FAILED, issues=[issue("phone", message=MESSAGE)])
    assert not cast.placed()


def test_one_phone_in_two_spellings_is_a_duplicate(api):
    first = api.submit(phone="+44 (7123) 456-789")

    second = api.submit(phone="447123456789")

    assert second.status_code == 409
    assert second.headers["Location"] == first.headers["Location"]


def test_one_phone_may_be_a_lead_of_two_workspaces(api, web, sandbox):
    phone = "+447123456789"
    other = Api(web.base_url, make_cast(sandbox).key)

    statuses = [client.submit(phone=phone).status_code for client in (api, other)]

    assert statuses == [201, 201]
