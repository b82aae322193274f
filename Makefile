# Two commands do all the set-up: `make run` and `make test`. Everything lands in .venv, .servers and var.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.PHONY: help run env test lint servers kafka lock clean

PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	if command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
BIN := .venv/bin
STAMP := .venv/.synced
TESTS ?= tests

help:
	@echo "make run     start the centre with the simulated province; prints the page to open"
	echo "make test    lint, types, import rules and all tests, on real servers"
	echo "make env     the Python environment alone (.venv)"
	echo "make kafka   an Apache Kafka in the foreground, for trying things"
	echo "make lock    resolve requirements.lock anew from pyproject.toml"

run: env
	@exec $(BIN)/ioc up

env: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed: sudo apt-get install -y python3 python3-venv" >&2; exit 1; fi
	if [ ! -x $(BIN)/uv ]; then
	  echo "Making the environment in .venv"
	  if ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then
	    package=python3-venv
	    if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -q >/dev/null; apt-get install -y -q $$package >/dev/null
	    elif sudo -n true 2>/dev/null; then sudo -n apt-get update -q >/dev/null; sudo -n apt-get install -y -q $$package >/dev/null
	    else echo "Python's venv module is missing: sudo apt-get install -y $$package" >&2; exit 1; fi
	  fi
	  rm -rf .venv
	  $(PYTHON) -m venv .venv
	  $(BIN)/python -m pip install -q --disable-pip-version-check 'uv>=0.8'
	fi
	$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation --offline --editable .
	touch $(STAMP)

lint: env
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

servers:
	@bash tests/servers/install.sh

test: env servers lint
	@PATH="$$PATH:/usr/local/go/bin" $(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile $(TESTS)

kafka: env servers
	@exec $(BIN)/python -m tests.servers.kafka

lock: env
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras --no-emit-index-url pyproject.toml -o requirements.lock

clean:
	@rm -rf .venv .servers .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
