# Everything that is done with Coachbot on a machine. `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help lock screenshots install install-dev run test test-sqlite test-postgres test-faults test-clients fuzz lint format

help: ## List what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-16s %s\n", $$1, $$2}'

# The stamps make a second run quick: pip is only asked when the pins have changed.
.venv/stamp: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/stamp-dev: .venv/stamp requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

install: .venv/stamp ## Make .venv with what the server needs
install-dev: .venv/stamp-dev ## ... and what the tests and checks need

# Of every platform and Python that the project runs on. Versions that stand stay: for newer
# ones of what the .in does not name give LOCK=--upgrade.
COMPILE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--custom-compile-command 'make lock' $(LOCK)
lock: install-dev ## Write requirements*.txt, with hashes, from requirements*.in
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt
	$(COMPILE) tests/clients/requirements.in --output-file tests/clients/requirements.txt

run: install ## Set up a demo and start server and sandbox
	@$(BIN)/python manage.py run_demo

# Both at once, a core for each: tests/sides.py shares the tests out. The second one's words are
# kept until the first has had its say.
test: install-dev ## Run the whole suite: on SQLite, and on PostgreSQL and Redis
	@log=$$(mktemp); TEST_BACKEND=postgres $(BIN)/pytest >$$log 2>&1 & postgres=$$!; \
	echo "The suite on SQLite:"; TEST_BACKEND=sqlite $(BIN)/pytest; sqlite=$$?; \
	wait $$postgres; postgres=$$?; \
	echo "The suite on PostgreSQL and Redis:"; cat $$log; rm $$log; \
	test $$sqlite -eq 0 -a $$postgres -eq 0

test-sqlite: install-dev
	TEST_BACKEND=sqlite $(BIN)/pytest

test-postgres: install-dev
	TEST_BACKEND=postgres $(BIN)/pytest

test-faults: install-dev ## Break things for ten minutes: kills, outages, a hostile Vapi
	TEST_BACKEND=postgres $(BIN)/pytest -m faults

fuzz: install-dev ## Hold 20,000 answers of the API against its description
	$(BIN)/python -m tests.fuzz

test-clients: install-dev ## Generate clients of the API in five ways and run them (needs java, node, php, ruby, go)
	$(BIN)/python -m tests.clients

lint: install-dev ## Check style, imports, types, templates, migrations, API description and production settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py makemigrations --check
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null
	DEBUG=0 SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(32))') \
	  ENCRYPTION_KEY=$$($(BIN)/python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())') \
	  PUBLIC_BASE_URL=https://coachbot.example \
	  $(BIN)/python manage.py check --deploy --fail-level WARNING

screenshots: install-dev ## Write every page to screenshots/, wide and narrow, light and dark
	$(BIN)/python -m tests.screenshots

format: install-dev ## Let ruff rewrite the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev ## Measure requests and dispatch against a bare Django view (four minutes)
	@$(BIN)/python -W ignore -m bench

bench-growth: install-dev ## Measure with 1,000 leads and with 1,000,000 (four minutes)
	@$(BIN)/python -W ignore -m bench growth

bad-day: install-dev ## Break everything in turn for an hour while leads come in (MINUTES=6 for a short one, WORDS="Redis Vapi" for some of it)
	@$(BIN)/python -W ignore -m bench.bad_day $(or $(MINUTES),60) $(WORDS)

rehearsal: install-dev ## Send 1,000 leads through nginx and two gunicorns that are restarted
	@$(BIN)/python -W ignore -m bench rehearsal
