"""The gate decides at the last moment: after a pause is confirmed, no call is begun."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from leads.models import Call
from tests.client import Api
from tests.factories import make_cast
from workspaces.models import Workspace

ROUNDS, AT_ONCE = 50, 4


def test_no_call_is_begun_after_a_pause_is_confirmed(web, sandbox):
    cast = make_cast(sandbox)
    api = Api(web.base_url, cast.key)
    workspace = Workspace.objects.filter(pk=cast.workspace.pk)
    late = []

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in range(ROUNDS):
            workspace.update(is_paused=False)
            answers = [pool.submit(api.submit) for _ in range(AT_ONCE)]
            time.sleep(random.uniform(0, 0.06))  # anywhere in what they do
            workspace.update(is_paused=True)
            begun = set(Call.objects.filter(workspace=cast.workspace).values_list("pk", flat=True))
            assert {answer.result().status_code for answer in answers} == {201}
            calls = Call.objects.filter(workspace=cast.workspace).exclude(pk__in=begun)
            late += calls.values_list("pk", flat=True)

    assert not late
