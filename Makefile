# `make help` lists the targets. Stamp files in .venv remember what is installed, so an unchanged tree costs nothing.

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check --no-input
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

# No build isolation: the build uses the setuptools of the lock file, not whatever the index has today.
INSTALL_PROJECT := $(PIP) install --no-deps --no-build-isolation --editable .
COMPILE_LOCK := uv pip compile --no-config --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test chaos bench lint format demo doctor lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: $(RUNTIME) ## make .venv with what Punctual needs to run (PYTHON=... chooses the interpreter)

setup-dev: $(DEVELOPMENT) ## make .venv with what its tests and linters need, too

run: $(RUNTIME) ## start the whole system on this machine; Ctrl-C stops it and keeps the data
	@exec $(PY) -m punctual local

test: $(DEVELOPMENT) ## run every test against real servers, in three processes (PYTEST_ARGS="-n 0 -k name" chooses)
	@exec $(PY) -m pytest --numprocesses 3 $(PYTEST_ARGS)

chaos: $(DEVELOPMENT) ## the long forms: faults of every kind, bad input of every kind; what is lost, doubled or misunderstood
	@exec $(PY) -m pytest tests/faults tests/security tests/fuzz -m chaos $(PYTEST_ARGS)

bench: $(DEVELOPMENT) ## measure speed, memory and growth (BENCH_ARGS="reads --seconds 4" chooses); results in benchmarks/results
	@exec $(PY) -m benchmarks $(BENCH_ARGS)

lint: $(DEVELOPMENT) ## check style, format, types, the rooms' contracts, migrations, and for dangerous code and dependencies
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(PY) scripts/lint-migrations
	$(PY) -m bandit --quiet --recursive --ini setup.cfg
	$(PY) scripts/audit requirements-dev.lock

format: $(DEVELOPMENT) ## format the code and mend what the linter can mend itself
	$(PY) -m ruff check --fix
	$(PY) -m ruff format

demo: $(RUNTIME) ## fill the running system with a believable organisation
	@exec $(PY) -m punctual demo $(DEMO_ARGS)

doctor: $(RUNTIME) ## check everything Punctual depends on and say what to do about each fault
	@exec $(PY) -m punctual doctor

lock: ## resolve the dependencies of setup.cfg into the lock files (needs uv; LOCK_ARGS=--upgrade for newer versions)
	@command -v uv >/dev/null || { echo "punctual: uv is not installed; for example: pipx install uv" >&2; exit 1; }
	echo 'setuptools>=80' | $(COMPILE_LOCK) $(LOCK_ARGS) --extra redis --extra traces --output-file requirements.lock setup.cfg -
	echo 'setuptools>=80' | $(COMPILE_LOCK) $(LOCK_ARGS) --all-extras --constraints requirements.lock --output-file requirements-dev.lock setup.cfg -

clean: ## delete what was built and cached; .local (the data of `make run`) stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find punctual tests -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(RUNTIME): requirements.lock setup.cfg pyproject.toml
	@scripts/create-venv $(VENV)
	@echo "punctual: installing what it needs to run"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(INSTALL_PROJECT)
	@touch $@

# The development lock holds everything of the runtime lock at the same versions.
$(DEVELOPMENT): requirements-dev.lock requirements.lock setup.cfg pyproject.toml
	@scripts/create-venv $(VENV)
	@echo "punctual: installing what its tests and linters need"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@$(INSTALL_PROJECT)
	@touch $(RUNTIME) $@
