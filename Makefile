# The list of commands. `make` alone prints it.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIN := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

.DEFAULT_GOAL := help
# Side by side: what works without a pause as often as there are processors, two at least, so that tests that share
# something are found; tests that drive a browser wait as often as they work, so there is one more.
CORES ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -lt 2 ] && n=2; [ $$n -gt 8 ] && n=8; echo $$n)
SIDE ?= $(shell echo $$(($(CORES) + 1)))
PYTEST := $(BIN)/python -m pytest -n $(SIDE)
# What speaks to a database, and so runs a second time on PostgreSQL.
ON_BOTH := src -m "database and not browser"

.PHONY: help setup run test test-fast readers check release-check format pages messages lock bench vectors fuzz

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(VENV)/.ready messages ## make .venv with everything that running and testing need

$(VENV)/.ready: requirements/test.lock pyproject.toml requirements/hatch_hook.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: apt install python3"; exit 1; }
	@$(PYTHON) -m venv --help >/dev/null 2>&1 && $(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "venv is missing: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## the story: a working house with Sari's family in it, on http://localhost:8000/
	@$(BIN)/ruangaman story run

tests/node/node_modules/.ready: tests/node/package-lock.json $(VENV)/.ready
	$(BIN)/python -m tests.peers
	@touch $@

# Tests start many processes: the compiled form of what they import is kept, also where the environment says otherwise.
test test-fast: export PYTHONDONTWRITEBYTECODE :=
test: setup tests/node/node_modules/.ready ## install what tests need from the system, then run all of them, on SQLite and PostgreSQL
	@scripts/system_needs.sh
	$(PYTEST) --ignore=tests/checks --ignore=tests/readers
	$(BIN)/python -m tests.postgres $(PYTEST) $(ON_BOTH)

test-fast: setup ## the tests that need no browser, no database and no patience (under 60 s)
	HYPOTHESIS_PROFILE=fast $(BIN)/python -m pytest -n $(CORES) -m "not slow and not browser and not postgres and not database" --ignore=tests/checks --ignore=tests/readers

# Programs of others that read what we make: each in an environment of its own, from a lock in its folder.
READERS := $(patsubst tests/readers/%/requirements.lock,.readers/%/.ready,$(wildcard tests/readers/*/requirements.lock)) \
	$(patsubst tests/readers/%/package-lock.json,.readers/%/node_modules/.ready,$(wildcard tests/readers/*/package-lock.json))

readers: setup $(READERS) ## open our files with the programs they are made for (Kolibri and others), installed under .readers
	@scripts/system_needs.sh espeak-ng:espeak-ng opusenc:opus-tools
	$(BIN)/python -m pytest --durations=10 tests/readers

.readers/%/.ready: tests/readers/%/requirements.lock
	@test -x .readers/$*/bin/python || $(PYTHON) -m venv .readers/$*
	.readers/$*/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

.readers/%/node_modules/.ready: tests/readers/%/package-lock.json $(VENV)/.ready
	@mkdir -p .readers/$*
	@cp tests/readers/$*/package.json tests/readers/$*/package-lock.json .readers/$*
	$(BIN)/python -m tests.peers .readers/$*
	@touch $@

check: setup ## linters, types, import contracts, migrations, translations, docs, licences
	@scripts/system_needs.sh
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) tests/architecture tests/checks

release-check: setup ## what must hold before a release beyond `check`: lessons without faults, helplines that a person called, lessons that readers read
	@failed=0; for what in check helplines readings; do $(BIN)/ruangaman learn $$what || failed=1; done; exit $$failed

vectors: setup ## read published test vectors: make vectors DIR=folder (without DIR: those of the repository)
	@$(BIN)/python -m tests.vectors $(DIR)

SECONDS_EACH ?= 20
fuzz: setup .fuzz-venv/.ready ## feed odd bytes to every reader of tokens: make fuzz SECONDS_EACH=20
	@PYTHONPATH=src .fuzz-venv/bin/python -m fuzz $(SECONDS_EACH)

format: setup ## put code into the house's form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pages: setup ## write the pages of docs that come from code
	$(BIN)/python -m tests.checks.errors_page

messages: $(VENV)/.ready ## compile the translations (.po -> .mo)
	@for po in $$(find src -name '*.po'); do $(BIN)/pybabel -q compile -D django -i $$po -o $${po%.po}.mo || exit 1; done

lock: ## pin the dependencies anew, with hashes (needs uv)
	$(PIN) requirements/base.in -o requirements/base.lock
	$(PIN) -c requirements/base.lock requirements/test.in -o requirements/test.lock
	$(PIN) -c requirements/base.lock requirements/fuzz.in -o requirements/fuzz.lock
	$(PIN) requirements/bench.in -o requirements/bench.lock
	$(PIN) requirements/bench-openfisca.in -o requirements/bench-openfisca.lock
	$(PIN) requirements/bench-city.in -o requirements/bench-city.lock
	@for one in tests/readers/*/requirements.in; do $(PIN) $$one -o $${one%.in}.lock || exit 1; done

ROWS ?= law,http,consent,stream,credentials,city,lessons
bench: setup .bench-venv/.ready .bench-openfisca-venv/.ready .bench-city-venv/.ready ## measure beside peers and limits; a part: make bench ROWS=law,http,consent,stream,credentials,city,lessons
	@command -v wrk >/dev/null || { echo "wrk is missing: apt install wrk"; exit 1; }
	$(BIN)/python -m bench --rows $(ROWS)

.%-venv/.ready: requirements/%.lock
	@test -x .$*-venv/bin/python || $(PYTHON) -m venv .$*-venv
	.$*-venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$*.lock
	@touch $@
