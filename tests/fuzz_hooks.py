"""What Schemathesis has to be told about the API beyond its description."""

import itertools
import json
import os
import random
from urllib.parse import urlencode

import schemathesis

LONGEST_QUERY = 3_500
_numbers = itertools.count()
_seed = os.environ["COACHBOT_FUZZ_SEED"]
_random = random.Random(_seed)


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Make most keys and phones new ones: repeated ones only ever get 409 and 422."""
    if case.method != "POST" or case.path != "/api/public/leads" or _random.random() < 0.2:
        return
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and 0 < len(key) < 200 and key.isalnum():
        case.headers["Idempotency-Key"] = f"{key}-{_seed}-{next(_numbers)}"
    if isinstance(case.body, dict) and str(case.body.get("phone")) in ORDINARY:
        case.body = json.loads(json.dumps(case.body))
        case.body["phone"] = f"+4477{_random.randrange(10**8):08d}"


@schemathesis.hook
def filter_case(context, case):
    """Leave out what the server refuses before the API sees it: a request line over 4 kB is 414."""
    return len(urlencode(case.query or {}, doseq=True)) < LONGEST_QUERY


# Those of the examples, and the shortest that Schemathesis makes up.
ORDINARY = {"+447700900123", "+44 7700 900123", "1000000"}
