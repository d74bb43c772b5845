"""python -m bench.bad_day MINUTES [WORD...]: go through a bad day; exit 1 where a promise broke.

WORD: only the phases that have one of these in their names.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import stage
from bench.bad_day.stores import Redis
from tests import nginx

SETTLED_WITHIN = 300
PATIENCE = 120  # with what was refused last, besides the time that the backlog takes


def main(minutes: float, words: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # and all that was started
    if not nginx.is_installed():
        raise SystemExit("nginx is not installed. Install it (apt-get install nginx).")
    os.environ.pop("DATABASE_URL", None)  # nobody else's server is to be made read-only
    redis = Redis()
    redis.start()
    os.environ["REDIS_URL"] = redis.url
    try:
        stage.set_stage()
        return _go_through(minutes, words, redis)
    finally:
        redis.remove()


def _go_through(minutes: float, words: Sequence[str], redis: Redis) -> int:
    from bench.bad_day import deployment, guests, phases, traffic, verdict, written
    from bench.bad_day.record import Record
    from tests.faults.judge import await_settled

    record = Record()
    with deployment.running(record, redis) as day, _probes(day) as file:
        record.restart()
        client = traffic.Client(day.front, record, Authorization=f"Bearer {day.cast.key}")
        leads = traffic.Leads(client)
        leads.start()
        with guests.at_work(guests.read_leads(client, leads), 1):
            phases.go_through(day, minutes * 60, words)
            record.begin("what was refused is sent again")
            leads.close(PATIENCE + len(leads.refused) / traffic.A_SECOND)
        stage.close_connections()  # those of this process were ended with all others
        try:
            await_settled(day.cast, SETTLED_WITHIN)
            unsettled = []
        except TimeoutError as error:
            unsettled = [f"{day.cast.workspace.calls.dialing().count()} calls: {error}"]
        probes = record.read_probes(file)
        broken = verdict.promises(record, probes, day.cast, dict(leads.answers))
        broken["every call is settled"] = unsettled
        print(f"\n{verdict.as_table(record, probes)}\n\n{verdict.as_list(broken)}")
        print("".join(f"\n{note}" for note in record.notes))
        kept = written.keep(Path(os.environ["TEST_FOLDER"]))
        print(f"\n{written.explanations(record, verdict.unexplained(record), kept)}")
        print(f"\nWhat the servers wrote is in {kept}.")
    return int(any(broken.values()))


@contextmanager
def _probes(day):
    file = Path(os.environ["TEST_FOLDER"]) / "probes.jsonl"
    ports = [str(web.port) for web in day.webs]
    process = subprocess.Popen([sys.executable, "-m", "bench.bad_day.probes", str(file), *ports])
    try:
        yield file
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    minutes, *words = sys.argv[1:] or ["60"]
    sys.exit(main(float(minutes), words))
