# ClipCue. `make` alone lists what can be done; every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test test-postgresql coverage lint bench chaos fuzz format messages lock clean

help:  ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.runtime  ## Set up and start ClipCue (no credentials needed; stop with Ctrl-C)
	$(BIN)/python -m bot

# Stories keep real time, and a starved machine can make one late: what failed among the others is
# run once more alone. It counts as failed unless it passes there, and is named either way.
test: $(VENV)/.dev lint  ## Set up, lint, type-check and run every test
	$(BIN)/python -m pytest -n 4 --dist worksteal || { [ $$? -eq 1 ] && \
		echo "Once more, alone, what failed above:" && \
		$(BIN)/python -m pytest --last-failed --last-failed-no-failures none --maxfail 5; }

test-postgresql: $(VENV)/.dev  ## Run the tests of store, core, creators and processes on PostgreSQL
	TEST_DATABASE=postgresql $(BIN)/python -m pytest -n 4 --dist worksteal \
		tests/core tests/creator tests/process

coverage: $(VENV)/.dev  ## Run every test and show the lines that none of them reaches
	$(BIN)/python -m pytest -n 4 --dist worksteal --cov --cov-report=term

lint: $(VENV)/.dev  ## Check style, types and the import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## Measure speed and memory against named baselines and print the table
	$(BIN)/python -m benchmarks

chaos: $(VENV)/.dev  ## Publish amid every fault and 20 kills: one process, then two (SEED=7 repeats a run)
	$(BIN)/python -m tests.process.chaos $(if $(SEED),--seed $(SEED))

fuzz: $(VENV)/.dev  ## Bring harmful files before what reads clips (CASES=20000 for a long run, SEED=7 for another)
	$(BIN)/python -m benchmarks.fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED))

format: $(VENV)/.dev  ## Format the code and fix what ruff can fix
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(VENV)/.dev  ## Bring the translations' catalogs up to date with the texts in the code
	$(BIN)/python -m bot.locale

lock: $(VENV)/.dev  ## Resolve pyproject.toml again into the two lock files
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra postgresql --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra postgresql --group dev --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
		--constraint requirements.lock --output-file requirements-dev.lock

clean:  ## Remove the environment and caches (never the data folder)
	rm -rf $(VENV) .bootstrap .mypy_cache .ruff_cache .pytest_cache .coverage .import_linter_cache

# Where the system's Python comes without its venv module, virtualenv is fetched to do the same.
$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit("ClipCue needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Setting up $(VENV) (the first time takes about a minute) ..."
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { \
		$(PYTHON) -m pip install --quiet --target .bootstrap virtualenv && \
		PYTHONPATH=.bootstrap $(PYTHON) -m virtualenv --quiet $(VENV); }
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.created
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
