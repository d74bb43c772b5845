"""python -m bench.bad_day.probes FILE PORT...: ask /healthz and /readyz five times a second each.

A process of its own, so that nothing but the answer is measured. Ended by SIGTERM.
"""

import http.client
import json
import signal
import sys
import threading
import time

TIMES_A_SECOND = 5
TIMEOUT = 30
HEADERS = {"Host": "coachbot.example", "X-Forwarded-Proto": "https"}


def ask_for_ever(port: int, path: str, write) -> None:
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
        write({"at": time.time(), "kind": f"{port}{path}", "status": status, "seconds": took})
        time.sleep(max(0.0, 1 / TIMES_A_SECOND - took))


def main(path: str, ports: list[int]) -> None:
    with open(path, "a", buffering=1) as file:
        writing = threading.Lock()

        def write(answer: dict) -> None:
            with writing:
                file.write(f"{json.dumps(answer)}\n")

        for port in ports:
            for probe in ("/healthz", "/readyz"):
                arguments = (port, probe, write)
                threading.Thread(target=ask_for_ever, args=arguments, daemon=True).start()
        signal.sigwait({signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    main(sys.argv[1], [int(port) for port in sys.argv[2:]])
