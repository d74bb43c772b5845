"""200 simultaneous POSTs of one phone against two processes: one call, and no 409 that lies."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.client import Api
from tests.factories import make_phone
from tests.faults.conftest import QUICK

TWINS = 200
ROUNDS = 20


def test_one_of_two_hundred_is_called_in_every_round(start_web, cast):
    # Enough threads that all of them are at work at the same time, in whatever process.
    web = start_web(**QUICK, WEB_THREADS="256")
    api = Api(web.base_url, cast.key)

    with ThreadPoolExecutor(TWINS) as pool:
        for round_number in range(1, ROUNDS + 1):
            phone = make_phone()
            statuses = Counter(
                pool.map(lambda _, phone=phone: api.submit(phone=phone).status_code, range(TWINS))
            )
            assert statuses == {201: 1, 409: TWINS - 1}, f"round {round_number}"
            assert len(cast.placed()) == round_number
