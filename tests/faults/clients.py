"""Clients as the errors page asks for them: they retry what may pass, and nothing else."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import requests

from tests.client import Api

DONE = {201, 409}
MAY_PASS = {429, 500, 502, 503}


def submit_until_settled(
    api: Api, phone: str, *, patience: float = 150, pause: float = 0.3
) -> list:
    """Submit a lead until it is accepted. Return the statuses; 0 is a broken connection."""
    end = time.monotonic() + patience
    statuses: list[int] = []
    while True:
        try:
            statuses.append(api.submit(phone=phone).status_code)
        except requests.RequestException:
            statuses.append(0)
        is_final = statuses[-1] not in MAY_PASS | {0}
        if is_final or time.monotonic() > end:
            return statuses
        time.sleep(pause)


def submit_all(api: Api, phones: Iterable[str], *, clients: int, **how) -> dict[str, list]:
    """Submit many leads by several clients at once. Return the statuses by phone."""
    phones = list(phones)
    with ThreadPoolExecutor(clients) as pool:
        answers = pool.map(lambda phone: submit_until_settled(api, phone, **how), phones)
        return dict(zip(phones, answers, strict=True))
