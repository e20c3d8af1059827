# `make` lists what there is. HOST, PORT, DATA_DIR, DATABASE_URL and REDIS_URL are read from the environment
# or given behind the target: make run PORT=8100

SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PIP := $(BIN)/pip install --quiet --disable-pip-version-check
# What pytest is given: make test ARGS="tests/services -x"
ARGS ?=
# Processes that share the tests; 0 runs them in one.
JOBS ?= auto
# The schema of the API as committed.
SCHEMA := docs/openapi.yaml

.PHONY: help run test check lint format types contracts schema schema-check migrations-check messages e2e bench pins clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: $(VENV)/.run ## start the market here: database, queue, web, worker; Ctrl-C stops it all
	@exec $(BIN)/python manage.py up

test: $(VENV)/.dev ## run the tests (ARGS for pytest, JOBS processes; honours DATABASE_URL and REDIS_URL)
	$(BIN)/pytest -n $(JOBS) $(ARGS)

check: lint types contracts migrations-check schema-check test ## everything that must hold before a push

lint: $(VENV)/.dev ## style and likely faults, without changing anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.dev ## repair what can be repaired by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.dev ## check the types
	MARKETPLACE_ENV=test $(BIN)/mypy

contracts: $(VENV)/.dev ## who may import whom
	$(BIN)/lint-imports --no-logo

migrations-check: $(VENV)/.dev ## every change of a model has its migration
	MARKETPLACE_ENV=test $(BIN)/python manage.py makemigrations --check --dry-run

schema: $(VENV)/.dev ## write the API's schema to docs/openapi.yaml
	MARKETPLACE_ENV=test $(BIN)/python manage.py spectacular --validate --fail-on-warn --file $(SCHEMA)

schema-check: $(VENV)/.dev ## the committed schema is the code's
	@new=$$(mktemp); trap 'rm -f "$$new"' EXIT; \
	MARKETPLACE_ENV=test $(BIN)/python manage.py spectacular --validate --fail-on-warn --file "$$new" && \
	diff -u $(SCHEMA) "$$new" || { echo "$(SCHEMA) is not what the code says: run make schema" >&2; exit 1; }

messages: $(VENV)/.dev ## gather what is marked for translation, and compile the catalogues (gettext)
	@command -v xgettext >/dev/null && command -v msgmerge >/dev/null && command -v msgfmt >/dev/null || { \
	  echo "make messages needs GNU gettext. On Debian or Ubuntu: apt-get install gettext" >&2; exit 1; }
	MARKETPLACE_ENV=test $(BIN)/python manage.py makemessages --all --no-location \
	  --ignore=.venv --ignore=var --ignore=tests
	MARKETPLACE_ENV=test $(BIN)/python manage.py compilemessages --ignore=.venv --ignore=var

e2e: $(VENV)/.dev ## the pages in a real browser (chromium)
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
	  echo "make e2e needs Chromium. On Debian or Ubuntu: apt-get install chromium fonts-dejavu-core fonts-noto-cjk" >&2; \
	  exit 1; }
	$(BIN)/pytest -m e2e -p no:randomly tests/e2e $(ARGS)

bench: $(VENV)/.dev ## how fast the engine ranks, the API lists and a place's page is made; each has its baseline in the same run
	$(BIN)/python -m tests.bench.bench_matching
	$(BIN)/python -m tests.bench.bench_lists
	$(BIN)/python -m tests.bench.bench_places

pins: $(VENV)/.dev ## compile requirements*.in to exact versions
	for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links $$name.in --output-file $$name.txt || exit 1; \
	done

clean: ## remove what was made here, except DATA_DIR (var/)
	rm -rf $(VENV) static_root .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed$(if $(PYTHON), and $(PYTHON) is older,; none was found). Name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; \
	  exit 1; }
	@echo "Creating $(VENV)"
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "Installing what runs"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	@echo "Installing what tests"
	@$(PIP) -r requirements-dev.txt
	@touch $@
