"""python -m bench.bad_day.bare PORT: answer at once, and do nothing else.

How long that takes is what this machine needs just now for any answer at all.
"""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Bare(BaseHTTPRequestHandler):
    """Answers every GET with an empty 200, over kept connections."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Bare).serve_forever()
