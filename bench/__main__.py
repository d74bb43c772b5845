"""python -m bench [requests] [dispatch] [growth] [rehearsal]: measure and print.

`make bench` runs the first two, `make bench-growth` and `make rehearsal` the others.
"""

import sys

from bench import stage

if __name__ == "__main__":
    stage.set_stage()
    from bench import dispatch, growth, rehearsal, requests_cost

    parts = {
        "requests": requests_cost,
        "dispatch": dispatch,
        "growth": growth,
        "rehearsal": rehearsal,
    }
    for name in sys.argv[1:] or ["requests", "dispatch"]:
        stage.settle()
        print(parts[name].measure(), end="\n\n", flush=True)
