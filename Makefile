# make run · make test · make check · make bench        (make help says more)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
HOST ?= 127.0.0.1
PORT ?= 8000

.PHONY: help run test check format bench lock clean
.DEFAULT_GOAL := help

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## the kiosk on http://127.0.0.1:8000 (HOST=… PORT=…)
	$(BIN)/peerpath serve --host $(HOST) --port $(PORT)

test: check ## everything CI runs: `check`, then all tests
	$(BIN)/python -m pytest -n 2 --dist worksteal -q

check: $(VENV)/.test ## lint, types, import contracts, content and transcripts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/peerpath check
	$(BIN)/peerpath test

format: $(VENV)/.test ## put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench ## measure, beside what others use, and rewrite the tables of benchmarks/README.md
	$(BIN)/python -m benchmarks

# The venv, and in it just what a goal needs, by hash. The package itself is linked, not copied.
$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Peerpath needs Python 3.11 or newer: make run PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	touch $@

$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.test: $(VENV)/.run requirements/test.txt
	$(PIP) install --require-hashes -r requirements/test.txt
	touch $@

$(VENV)/.bench: $(VENV)/.test requirements/bench.txt
	$(PIP) install --require-hashes -r requirements/bench.txt
	touch $@

# Locks name no host, so that any index that has the same files will do.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(UPGRADE) pyproject.toml --group build

lock: $(VENV)/.made ## renew the locks (UPGRADE=--upgrade for newer versions)
	$(PIP) install uv
	$(LOCK) -o requirements/run.txt
	$(LOCK) --all-extras --group test --group lint -o requirements/test.txt
	$(LOCK) --all-extras --group test --group lint --group bench -o requirements/bench.txt

clean: ## take away what was made here, but no data
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
