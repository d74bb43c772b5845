"""python -m bench [requests] [dispatch] [rehearsal]: measure and print.

`make bench` runs the first two, `make rehearsal` the third.
"""

import sys

from bench import stage

if __name__ == "__main__":
    stage.set_stage()
    from bench import dispatch, rehearsal, requests_cost

    parts = {"requests": requests_cost, "dispatch": dispatch, "rehearsal": rehearsal}
    for name in sys.argv[1:] or ["requests", "dispatch"]:
        print(parts[name].measure(), end="\n\n", flush=True)
