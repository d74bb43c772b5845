"""python -m bench: measure and print. `make bench` runs it."""

from bench import stage

if __name__ == "__main__":
    stage.set_stage()
    from bench import requests_cost

    print(requests_cost.measure(), flush=True)
