# The commands to remember: make run, make test, make check. CONTRIBUTING.md tells the rest.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
DEMO ?= plan82
PYTEST ?=
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
LOCKING := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate

.PHONY: help setup assets run test test-long check lock pictures samples chromium clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/' | expand -t 20

setup: $(INSTALLED) assets ## .venv with all that is needed, and the assets; quick when nothing has changed

$(INSTALLED): requirements.txt requirements-dev.txt bin/set_up_venv.sh
	@PYTHON="$(PYTHON)" sh bin/set_up_venv.sh $(VENV)
	@touch $@

assets: $(INSTALLED)
	@$(BIN)/python assets/build.py
	@mkdir -p staticfiles  # whitenoise warns when it is not there

run: setup ## the product with demo data at 127.0.0.1:$(PORT); DEMO=empty starts without a plan
	@exec $(BIN)/python -m sipas_tracker.running --demo $(DEMO) --port $(PORT)

test: setup chromium ## the whole test suite; PYTEST="-k words" for a part of it
	@$(BIN)/python -m pytest -m "not long" -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST)

test-long: setup chromium ## the tests that take long
	@$(BIN)/python -m pytest -m long $(PYTEST)

check: setup ## ruff, format, mypy, layers, missing migrations, check --deploy, templates, compose file
	@BIN=$(BIN) sh bin/check.sh

lock: setup ## requirements*.txt from requirements*.in
	@$(LOCKING) requirements.in -o requirements.txt
	@$(LOCKING) requirements-dev.in -o requirements-dev.txt

pictures: setup chromium ## the pictures of docs/, taken from the running demonstration
	@PICTURES=docs/pictures $(BIN)/python -m pytest tests/browser/test_walk.py tests/browser/test_import_review.py tests/browser/test_correction_and_urging.py \
		tests/browser/test_reporting_desk.py tests/browser/test_offline_walk.py tests/browser/test_targets_and_links.py

samples: setup ## one of each document in docs/samples/, with its picture, from the sample data
	@DEMO_CLOCK=1 $(BIN)/python manage.py write_samples docs/samples

chromium: # for the walks through the pages; tests say loudly when it is not there
	@command -v chromium >/dev/null || sh bin/install_chromium.sh

clean: ## remove what can be made again; the demonstration's data in var/ stays
	rm -rf $(VENV) sipas_tracker/static/vendor staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
