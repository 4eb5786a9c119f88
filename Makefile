# One way in: `make up` runs the product, `make test` proves it. See CONTRIBUTING.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
RUNTIME := $(VENV)/.installed-runtime
TESTING := $(VENV)/.installed-testing
PEERS := $(VENV)/.installed-peers
# Backtesters bring their own versions of what Sonde needs too: they live apart.
BACKTESTERS := $(VENV)/backtesters

.PHONY: help install up test check bench soak format browser
.DEFAULT_GOAL := help

help:
	@echo "make up       install what is missing and start everything (Ctrl-C stops it)"
	@echo "make install  .venv with everything that running and testing need"
	@echo "make check    format, lint, types, imports, unit tests"
	@echo "make test     check, then integration, browser and chaos tests on real servers"
	@echo "make soak     the promises with full counts"
	@echo "make bench    every benchmark, against its peers"
	@echo "make format   write the code in the house's form"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Sonde needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Sonde and what it needs into $(VENV) (a few minutes the first time) ..."
	$(PIP) install --constraint constraints.txt --editable .
	@$(BIN)/python -m compileall -q src
	@echo "Compiling the engine of markets, once (half a minute) ..."
	@NUMBA_OPT=2 $(BIN)/python -c "from sonde.markets.core.backtesting.compiling import fill_cache; fill_cache()"
	@touch $@

$(TESTING): $(RUNTIME)
	@echo "Installing what tests need ..."
	$(PIP) install --constraint constraints.txt --editable '.[test]'
	@touch $@

$(PEERS): $(RUNTIME)
	@echo "Installing what the benchmarks compare with ..."
	$(PIP) install --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m venv $(BACKTESTERS)
	$(BACKTESTERS)/bin/python -m pip --disable-pip-version-check install backtesting==0.6.6 vectorbt==1.2.0
	@touch $@

install: $(TESTING)

up: $(RUNTIME)
	@exec $(BIN)/sonde up

format: $(TESTING)
	$(BIN)/ruff check --fix --select I
	$(BIN)/ruff format

# In `make test`, all tests but the journeys count for the coverage gates: being traced costs a
# journey a sixth of its time, and no room needs one to pass its gate.
COVERAGE :=
# The examples in docstrings are tests too.
EXAMPLES := src/sonde/*/core src/sonde/*/services src/sonde/platform/api
check: $(TESTING)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/unit $(EXAMPLES) --doctest-modules --numprocesses=auto $(COVERAGE)

test: COVERAGE = --cov --cov-report=
test: browser check
	$(BIN)/pytest tests/contract tests/integration tests/hostile --numprocesses=auto --dist=loadfile $(COVERAGE) --cov-append
	$(BIN)/pytest tests/browser --numprocesses=auto --dist=loadfile
	$(BIN)/pytest tests/chaos --numprocesses=auto --dist=loadfile $(COVERAGE) --cov-append
	$(BIN)/python -m tests.coverage_gate

# Properties are drawn anew and everything is repeated as often as its promise says. Journeys have
# no counts, and their browser's event loop must not share a process with tests of the server.
soak: $(TESTING)
	SONDE_SOAK=1 $(BIN)/pytest tests/unit tests/contract tests/integration tests/hostile --numprocesses=auto --dist=loadfile --timeout=7200
	SONDE_SOAK=1 $(BIN)/pytest tests/chaos --timeout=7200

browser: $(TESTING)
	@sh scripts/install_chromium.sh $(BIN)/python

bench: $(PEERS)
	@SONDE_PEERS="$${SONDE_PEERS:-$(BACKTESTERS)/bin/python}" $(BIN)/python -m benchmarks
