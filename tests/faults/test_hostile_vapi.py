"""A Vapi with every answer the sandbox knows: each lead is called once, or provably not."""

from collections import Counter

from tests.client import Api
from tests.factories import make_phone
from tests.faults.clients import submit_all
from tests.faults.conftest import QUICK
from tests.faults.judge import assert_nothing_lost_nobody_called_twice, await_settled

LEADS = 500
CLIENTS = 96
# Every row of the sandbox's table that concerns POST /call.
ENDINGS = [
    *("00", "18", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49"),
    *("50", "51", "52", "53", "54", "55", "56", "60", "61", "62", "63", "64", "65", "66", "67"),
    *("68", "70", "71", "72", "80", "81", "82", "83"),
]


def test_every_lead_is_called_once_or_provably_not(start_web, cast, settling):
    web = start_web(**QUICK, WEB_THREADS="160")
    phones = [make_phone(ending=ENDINGS[n % len(ENDINGS)]) for n in range(LEADS)]

    with settling():
        answers = submit_all(
            Api(web.base_url, cast.key), phones, clients=CLIENTS, patience=40, pause=2
        )
        await_settled(cast)

    last = Counter(statuses[-1] for statuses in answers.values())
    assert set(last) <= {201, 409, 502}, last
    assert_nothing_lost_nobody_called_twice(cast, answers)
