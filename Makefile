# The two commands a newcomer needs: make run, make test. Everything else is listed by make help.
SHELL := /bin/bash
PY := .venv/bin/python
# Said once, for serve and for the links that pages, mail and codes carry.
export PORT ?= 8000
# Where the system has no node, the one from its wheel is found.
export PATH := $(PATH):$(CURDIR)/.venv/bin

.PHONY: help run test units thorough postgres browser check bench faults mutants mutants-of notices audit lock screenshots secrets clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 14

run: .venv/base node_modules/.done  ## serve http://127.0.0.1:$PORT (8000) with demo data, background work included
	@tools/system-packages pango fonts
	@$(PY) manage.py migrate --verbosity 0
	@$(PY) manage.py seed_demo --if-empty
	@exec $(PY) manage.py serve --with-demo-links

test: check units thorough postgres browser  ## everything: lint, contracts, both databases, a real browser

units: .venv/dev node_modules/.done  ## the quick tests, about a minute
	@tools/system-packages pango fonts poppler
	$(PY) -m pytest -n auto --dist loadfile -m "not browser and not thorough" -p no:schemathesis --ignore tests/api/test_fuzz.py

thorough: .venv/dev node_modules/.done  ## many orders, callers, sizes and kills
	@tools/system-packages pango fonts poppler caddy
	$(PY) -m pytest -n auto --dist loadfile -m "thorough and not browser"

postgres: .venv/dev node_modules/.done
	@tools/system-packages pango fonts poppler
	$(PY) -m tests.on_postgres -n auto --dist loadfile -m "database and not browser"

browser: .venv/dev node_modules/.done
	@tools/system-packages pango fonts chromium poppler
	$(PY) -m pytest -n auto --dist loadfile -m browser

check: .venv/dev node_modules/.done  ## lint, types, templates, contracts, migrations, compose
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	.venv/bin/djangofmt --check --quiet templates
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run
	node_modules/.bin/dclint docker-compose.yml
	node_modules/.bin/dockerfile-utils lint Dockerfile

bench: .venv/dev node_modules/.done  ## the benchmark, as ratios to a bare Django view; writes docs/performance.md
	@tools/system-packages pango fonts chromium
	$(PY) -m bench

faults: .venv/dev node_modules/.done  ## the long fault tests: kills, full disk, no database, 100 hours offline
	@tools/system-packages pango fonts poppler
	$(PY) -m tests.faults
	SCHEDULES=100 $(PY) -m pytest tests/door/test_admission_order.py -k generated
	SCHEDULES=100 $(PY) -m tests.on_postgres tests/door/test_admission_order.py -k generated
	RACES=100 $(PY) -m pytest tests/door/test_admission_race.py -k real_server
	RACES=100 $(PY) -m tests.on_postgres tests/door/test_admission_race.py -k real_server

mutants: .venv/dev node_modules/.done  ## break rules one by one in a copy; its tests have to notice; an hour at most
	@tools/system-packages pango fonts poppler
	timeout 3600 $(PY) -m tests.mutants

mutants-of: .venv/dev node_modules/.done  ## change FILES="a/domain/b.py ..." in every way; their tests have to notice; MINUTES=30
	@tools/system-packages pango fonts poppler
	$(PY) -m tests.mutants.of_files $(FILES)

screenshots: .venv/dev node_modules/.done  ## pictures of the main pages, into docs/screenshots
	@tools/system-packages pango fonts chromium
	$(PY) -m tests.screenshots docs/screenshots

secrets:  ## make the secrets of production that are missing, for docker compose
	@tools/secrets

notices: .venv/base  ## write NOTICES.md: whose work is shipped, under which licence
	$(PY) -m tools.notices

audit: .venv/base  ## ask PyPI and npm for known holes; says so where they cannot be asked
	@$(PY) -m pip install -qq --disable-pip-version-check pip-audit
	@$(PY) -m tools.audit

lock: .venv/base  ## resolve pyproject.toml and package.json into the locks
	tools/lock

clean:  ## remove what make built; the database and its mail stay
	rm -rf .venv node_modules staticfiles

.venv/base: requirements/base.txt
	@tools/environment base

.venv/dev: .venv/base requirements/dev.txt
	@tools/environment dev

node_modules/.done: .venv/base package.json package-lock.json
	@tools/environment node
