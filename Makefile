# Two commands for a newcomer: make demo, make test. `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv/bin
ARGS ?=

.PHONY: help demo test check lint setup setup-tests format lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## Set up what is missing, load the demo and serve it (Ctrl-C stops all of it)
	@exec $(VENV)/nanori demo

test: setup-tests ## Run the whole suite, real Chromium included (ARGS="-k words" for a part)
	@PYTHONDONTWRITEBYTECODE= $(VENV)/pytest $(if $(ARGS),$(ARGS),-n auto --dist loadfile --no-loadscope-reorder)

check: lint ## Lint, format, types, import contracts and the house's budgets
	@$(VENV)/pytest -q tests/architecture

lint: setup-tests ## The same without the tests of the architecture, which are part of the suite
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports

setup: ## Prepare this checkout to run: system packages, .venv, browser files
	@bin/setup

setup-tests: ## The same, with all that tests and checks need
	@bin/setup --for-tests

format: setup-tests ## Put the sources in order: formatting and the fixes that are safe
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .

lock: setup-tests ## Pin the requirements anew, with hashes, from pyproject.toml
	@bin/lock

clean: ## Remove .venv and var: the demo's data and everything set up (asks first)
	@bin/clean
