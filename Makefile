# `make run` and `make test` do all their own set-up. Everything else is a shorter way to a part of them.

PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest -q
SPREAD := -n logical --maxprocesses 4 --dist worksteal
# Who gets which answer, and which words a page says, is the same on either database: asked once.
ONCE := tests/rules tests/architecture tests/web/test_permission.py tests/web/test_tip_nowhere.py tests/web/test_frame_refusals.py tests/web/test_desk_english.py tests/web/test_house_english.py
CODE := config zhengtong tests scripts

export PYTHONUTF8 := 1

.PHONY: run test check format crash axe bench sms hall-day falsified pm4py clean pins base dev system
.NOTPARALLEL:

run: base
	@$(BIN)/zhengtong run

test: dev system check
	$(PYTEST) $(SPREAD) --ignore tests/browser --ignore tests/city tests
	$(BIN)/python scripts/postgresql.py $(PYTEST) $(SPREAD) --ignore tests/browser --ignore tests/city $(ONCE:%=--ignore %) tests
	$(PYTEST) $(SPREAD) --ignore tests/browser/test_every_route.py tests/browser

check: dev
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet zhengtong
	$(BIN)/zhengtong makemigrations --check --dry-run
	$(BIN)/python -m zhengtong.web.frame.messages --check

format: dev
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

# kill -9 of clients, web server and PostgreSQL in the middle of the work, many times over; `make test` plays one round.
crash: dev system
	ZHENGTONG_CRASH_ROUNDS=10 $(PYTEST) -s tests/crash
	ZHENGTONG_CRASH_ROUNDS=10 $(BIN)/python scripts/postgresql.py $(PYTEST) -s tests/crash

bench: dev system
	$(BIN)/python -m tests.bench
	$(BIN)/python scripts/postgresql.py --durable $(BIN)/python -m tests.bench

# 700 visitors, 20 windows, five screens and clerks who press at once: nobody lost or called twice, and how right the
# announced waiting times were.
hall-day: dev system
	$(BIN)/python -m tests.bench.hall
	$(BIN)/python scripts/postgresql.py $(BIN)/python -m tests.bench.hall

# Ten thousand SMS through two message centres on loopback, one of which dies in the middle.
sms: dev system
	$(BIN)/python -m tests.bench.sms
	$(BIN)/python scripts/postgresql.py --durable $(BIN)/python -m tests.bench.sms

# pm4py reads our exports and must find what we say. It is AGPL-3.0: an environment of its own, spoken to as a program.
pm4py: dev
	test -x .venv-pm4py/bin/python || $(PYTHON) -m venv .venv-pm4py
	.venv-pm4py/bin/python -m pip install --quiet --requirement requirements/pm4py.txt
	ZHENGTONG_PM4PY=$(CURDIR)/.venv-pm4py/bin/python $(PYTEST) tests/pm4py

# Every route somebody may open, as that person, before axe; and every walk of pages in every pairing of language and
# width: a quarter of an hour.
axe: dev system
	$(PYTEST) $(SPREAD) tests/browser/test_every_route.py
	ZHENGTONG_EVERY_VIEW=1 $(PYTEST) $(SPREAD) -m views tests/browser

# An honest month with made-up work planted in it: what the rules D-01 to D-13 find, and what they accuse wrongly.
falsified: dev
	$(PYTEST) tests/city
	$(BIN)/zhengtong falsified-month
	$(BIN)/zhengtong falsified-ratings

# The environment; each costs nothing when requirements/*.txt did not change.
base:
	@$(PYTHON) scripts/setup.py base

dev:
	@$(PYTHON) scripts/setup.py dev

# Chromium, PostgreSQL, a Java runtime and Chinese fonts: what tests need and pip cannot bring.
system:
	@$(PYTHON) scripts/setup.py system

pins:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements/base.in -o requirements/base.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url requirements/dev.in -o requirements/dev.txt

# Keeps var/: it may hold a city.
clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	find zhengtong config tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
	find zhengtong -name '*.mo' -delete
