# Every target does its own set-up: a virtual environment in .venv, with the versions and hashes of the lock files.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2
ARGS ?=

# A virtual environment whose Python has gone is made anew.
ifneq ($(wildcard $(VENV)/.made),)
ifneq ($(shell $(BIN)/python -c 'print(1)' 2>/dev/null),1)
$(shell rm -rf $(VENV))
endif
endif

INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
INSTALL_PROJECT := $(INSTALL) --no-deps --no-build-isolation --editable .

.DEFAULT_GOAL := help
.PHONY: help venv demo demo-bigquery serve test test-all lint types format bench lock docs screenshots axe clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(VENV)/.made:
	python=$$(scripts/find_python.sh) && "$$python" -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/.made
	@echo "Installing what Vigie needs (once; one or two minutes)."
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL_PROJECT)
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(VENV)/.made
	@echo "Installing what Vigie and its tests need (once; one or two minutes)."
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL_PROJECT)
	@touch $@ $(VENV)/.runtime

venv: $(VENV)/.dev ## Make the virtual environment .venv, with what the tests need

demo: $(VENV)/.runtime ## Simulate a fleet of models and show its pages (ARGS="--port 8060" and the like)
	$(BIN)/vigie demo $(ARGS)

demo-bigquery: $(VENV)/.dev ## The same on a BigQuery server on this machine, with no account (ARGS="--models 24" and the like)
	$(BIN)/python -m scripts.demo_bigquery $(ARGS)

serve: $(VENV)/.runtime ## Show the pages of the warehouse (VIGIE_WAREHOUSE, or the folder warehouse)
	$(BIN)/vigie serve $(ARGS)

test: $(VENV)/.dev ## Run the tests, in a Chromium too (ARGS="-k psi" and the like)
	chromium=$$($(BIN)/python -m scripts.chromium --install) && \
	CHROMIUM="$$chromium" $(BIN)/python -m pytest -n $(JOBS) --dist worksteal -m "not slow" $(ARGS)

test-all: $(VENV)/.dev ## Run the slow tests too
	chromium=$$($(BIN)/python -m scripts.chromium --install) && \
	CHROMIUM="$$chromium" $(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(ARGS)

lint: $(VENV)/.dev ## Check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## Check types
	$(BIN)/mypy

format: $(VENV)/.dev ## Format, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## Run the benchmarks
	for file in benchmarks/[a-z]*.py; do \
		$(BIN)/python -m "benchmarks.$$(basename "$$file" .py)" $(ARGS) || exit 1; \
	done

lock: $(VENV)/.dev ## Choose the newest versions again and write requirements.lock and requirements-dev.lock
	$(BIN)/python -m scripts.lock

# Written beside first: a page that cannot be made leaves the one that is there.
define generate
	$(BIN)/python -m $(1) > $(VENV)/page.md
	mv $(VENV)/page.md docs/$(2).md

endef

docs: $(VENV)/.dev ## Write the generated pages of docs/ again
	$(call generate,qod.contract_page,contract)
	$(call generate,dashboard.glossary,statistics)
	$(call generate,dashboard.guide cli,cli)
	$(call generate,dashboard.guide models,models)
	$(call generate,dashboard.guide settings,settings)

screenshots: $(VENV)/.dev ## Take the pictures of the README and docs/ again
	chromium=$$($(BIN)/python -m scripts.chromium --install) && \
	CHROMIUM="$$chromium" $(BIN)/python -m scripts.screenshots

axe: $(VENV)/.dev ## Take the newest axe-core of the tests again (needs npm)
	$(BIN)/python -m scripts.vendor_axe

clean: ## Remove what make made (not the tables)
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
