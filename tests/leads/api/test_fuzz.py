"""A short run of `make fuzz`: no answer that /api/schema does not allow."""

from tests.fuzz import QUICK, fuzz, make_fuzzed_cast

# Most of the time goes into sequences of requests.
SHORT = """
[phases.stateful]
max-steps = 3
[phases.stateful.generation]
max-examples = 3
"""


def test_answers_are_as_described(start_web, sandbox):
    server = start_web(**QUICK)

    run = fuzz(server.base_url, make_fuzzed_cast(sandbox), examples=10, more=SHORT)

    assert run.exit_code == 0, "Schemathesis found something; what it says is above"
    assert run.cases > 300
