# What a person types here. Every target sets up first; set-up that has nothing to do takes no time.
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-scaled test lint bench bench-scaled bench-oai soak docs screenshots lock postgres s3 opensearch
SHELL := /bin/sh
PYTHON := .venv/bin/python

help:  ## This list
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

setup:  ## Everything this clone needs: Debian packages (as root), .venv
	@deploy/setup.sh

demo:  ## The sample library on http://127.0.0.1:8000 (PORT=8123 HOCLIEU_HOME=/some/folder)
	@deploy/setup.sh --no-tests
	@PORT=$(or $(PORT),8000) exec deploy/demo.sh

demo-scaled: setup  ## The same on PostgreSQL, S3 and OpenSearch, two web processes, two workers; in DIR (var/scaled)
	@PORT=$(or $(PORT),8000) WORK=2 exec $(PYTHON) -m tests.servers.scaled $(or $(DIR),var/scaled) deploy/demo.sh --workers 2

test: setup  ## Every test; ARGS="-k words" for some of them
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: setup  ## ruff, mypy, import contracts, generated pages
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	$(PYTHON) -m docs.generate --check

bench: setup  ## Every benchmark that needs no server; a JSON line a figure
	@$(PYTHON) -m tests.benchmarks $(ARGS)

bench-scaled: setup  ## Every benchmark that needs servers; it starts them itself
	@$(PYTHON) -m tests.benchmarks --scaled $(ARGS)

bench-oai: setup  ## A harvest of 100,000 records beside a bare endpoint
	@$(PYTHON) -m tests.benchmarks.oai $(ARGS)

s3: setup  ## An S3 store for trying things, in DIR (default var/s3); prints its settings, ends with Ctrl+C
	@$(PYTHON) -m tests.servers.s3 $(or $(DIR),var/s3)

soak: setup  ## The fault loops at full length (COUNT=50), a batch of FOLDER (default: made here) killed as often
	@$(PYTHON) -m pytest -v -s tests/faults tests/moving/test_kills.py --soak-count=$(or $(COUNT),50) $(ARGS)
	@$(PYTHON) -m tests.faults.resumed $(FOLDER) --kills $(or $(COUNT),50)

postgres: setup  ## A PostgreSQL server on the folder FOLDER (var/postgresql) until Ctrl+C; prints the setting
	@exec $(PYTHON) -m tests.servers.postgresql $(or $(FOLDER),var/postgresql)

docs: setup  ## Write the generated pages again
	@$(PYTHON) -m docs.generate

screenshots: setup  ## Pictures of every page into DIR (build/screenshots), those of README and guides anew
	@$(PYTHON) -m docs.screenshots $(or $(DIR),build/screenshots)

lock: setup  ## Resolve the dependencies of pyproject.toml anew
	@deploy/lock.sh

opensearch: setup  ## An OpenSearch of NODES (1) on DIR (var/opensearch) until Ctrl+C; prints its setting
	@exec $(PYTHON) -m tests.servers.opensearch $(or $(DIR),var/opensearch) $(or $(NODES),1)
