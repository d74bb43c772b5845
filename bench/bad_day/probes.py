"""python -m bench.bad_day.probes FILE PORT...: ask /healthz and /readyz five times a second each.

A process of its own, so that nothing but the answer is measured. It also asks a process that does
nothing but answer, so that a busy machine can be told from a server that hangs. Ended by SIGTERM.
"""

import http.client
import json
import signal
import subprocess
import sys
import threading
import time

from tests.servers import free_port

TIMES_A_SECOND, BARE_TIMES_A_SECOND = 5, 20
TIMEOUT = 30
HEADERS = {"Host": "coachbot.example", "X-Forwarded-Proto": "https"}
BARE = "bare"


def ask_for_ever(port: int, path: str, kind: str, write, *, times_a_second: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    while True:
        begin = time.monotonic()
        try:
            connection.request("GET", path, headers=HEADERS)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            connection.close()
            status = 0
        took = time.monotonic() - begin
        write({"at": time.time(), "kind": kind, "status": status, "seconds": took})
        time.sleep(max(0.0, 1 / times_a_second - took))


def main(path: str, ports: list[int]) -> None:
    bare = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.bad_day.bare", str(bare)])
    with open(path, "a", buffering=1) as file:
        writing = threading.Lock()

        def write(answer: dict) -> None:
            with writing:
                file.write(f"{json.dumps(answer)}\n")

        def ask(port: int, path: str, kind: str, times_a_second: int = TIMES_A_SECOND) -> None:
            threading.Thread(
                target=ask_for_ever,
                args=(port, path, kind, write),
                kwargs={"times_a_second": times_a_second},
                daemon=True,
            ).start()

        ask(bare, "/", BARE, BARE_TIMES_A_SECOND)
        for port in ports:
            for probe in ("/healthz", "/readyz"):
                ask(port, probe, f"{port}{probe}")
        signal.sigwait({signal.SIGTERM})
    process.kill()  # it has our mask of signals
    process.wait()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main(sys.argv[1], [int(port) for port in sys.argv[2:]])
