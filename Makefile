# make serve | make test | make soak | make install | make lint | make bench | make requirements
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
UV_VERSION := 0.13.8

# uv does not read pip's settings: a local folder of wheels that pip is told of is handed on, and where there is
# none, PyTorch's CPU build is asked for (the plain one brings gigabytes of CUDA).
export UV_FIND_LINKS ?= $(PIP_FIND_LINKS)
ifeq ($(strip $(UV_FIND_LINKS)),)
export UV_TORCH_BACKEND ?= cpu
endif
export VIRTUAL_ENV := $(CURDIR)/$(VENV)

.PHONY: help serve test soak crosscheck install lint bench requirements clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

serve: install ## install, ingest what is new, and serve at http://127.0.0.1:8000 (another port: make serve PORT=8001)
	@$(BIN)/niangjia serve

test: $(VENV)/.tests ## run all tests; what was skipped for want of a browser is named
	@$(BIN)/python -m pytest $(ARGS)

soak: $(VENV)/.tests ## kill the bot 200 times on each database while people write, and while alarms ring (repeat a run: SOAK_SEED=…)
	@SOAK_KILLS=$${SOAK_KILLS:-200} $(BIN)/python -m pytest tests/soak -s -q $(ARGS)

crosscheck: $(VENV)/.tests ## hold the Telegram channel against an emulator that others wrote (wants node and npm)
	@npm ci --no-audit --no-fund --prefix tests/telegram_api/independent
	@$(BIN)/python -m pytest -m independent $(ARGS)

install: $(VENV)/.installed ## make .venv with the pinned dependencies and the command .venv/bin/niangjia

lint: $(VENV)/.tests ## ruff, mypy strict, and the directions of import
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

bench: $(VENV)/.bench ## hold retrieval against the recipe that a LangChain user would write (ARGS="--json FILE")
	@$(BIN)/python benchmarks/retrieval.py $(ARGS)

requirements: $(UV) ## pin the newest versions that pyproject.toml allows (UPGRADE=--upgrade)
	@$(UV) pip compile -q --no-header --no-annotate $(UPGRADE) pyproject.toml -o requirements.txt
	@$(UV) pip compile -q --no-header --no-annotate $(UPGRADE) --extra test -c requirements.txt pyproject.toml -o requirements-dev.txt
	@sed -i -E '/^(nvidia|cuda|triton)-?/d; s/\+cpu$$//' requirements.txt requirements-dev.txt  # the CPU build needs none of these

clean: ## remove .venv and caches; data/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache *.egg-info tests/telegram_api/independent/node_modules

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Niangjia needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

# Bytecode is compiled now, or each start of the embedding stack would cost seconds more.
$(VENV)/.installed: $(UV) requirements.txt pyproject.toml
	@echo "Installing the pinned dependencies into $(VENV): some 400 MB to download, which takes a minute or more …"
	@$(UV) pip install -q --compile-bytecode -r requirements.txt
	@$(UV) pip install -q --no-deps -e .
	@touch $@

$(VENV)/.tests: $(VENV)/.installed requirements-dev.txt
	@$(UV) pip install -q --compile-bytecode -r requirements-dev.txt
	@touch $@

# What the product and its tests run on stays as it is pinned: PyTorch above all.
$(VENV)/.bench: $(VENV)/.installed
	@$(UV) pip install -q --compile-bytecode -c requirements.txt -r pyproject.toml --extra bench
	@touch $@
