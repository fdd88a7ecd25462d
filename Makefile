# Needs Python 3.11 to 3.14, make and a package registry; everything else is installed into .venv.
PY ?= python3
VENV := .venv
PYTHON := $(VENV)/bin/python
SYNC = $(VENV)/bin/uv pip sync --quiet --require-hashes --python $(PYTHON)
EXPORT = $(VENV)/bin/uv export --quiet --no-header --frozen --no-emit-project --python $(PYTHON)
SOURCES := bot handlers storage app.py bench tests $(wildcard .ci/*.py .ci/trackers/*.py docs/*.py)

# What running Hone needs: the development packages hold it too, so they are left in place once there.
RUNTIME := $(firstword $(wildcard $(VENV)/.dev) $(VENV)/.runtime)

# Some images set it. Tests start Hone dozens of times, and compiling takes longer than starting.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check mutants monkey format goldens access promises emoji topics bench schema \
  screenshots spared trackers lock

help:  ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: $(RUNTIME)  ## start Hone with the settings in .env; without any, the local room
	$(PYTHON) app.py serve

test: $(VENV)/.dev  ## run every test, on SQLite and on a real PostgreSQL; ARGS="-k vote" picks some
	$(PYTHON) -m pytest -n auto --dist worksteal $(ARGS)

check: $(VENV)/.dev  ## what CI runs: format, lint, types, tests
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy --strict $(SOURCES)
	$(MAKE) test

mutants: $(VENV)/.dev  ## break each promise in a copy of the code: a test must notice; ARGS="wsjf" picks some
	$(PYTHON) -m tests.mutants $(ARGS)

monkey: $(VENV)/.dev  ## let ten people do random things for months; ARGS="--steps 50000 --database postgres"
	$(PYTHON) -m tests.monkey $(ARGS)

format: $(VENV)/.dev  ## format the code and mend what ruff can mend
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

goldens: $(VENV)/.dev  ## write the cards that tests expect anew; read what changed before committing
	GOLDENS=write $(PYTHON) -m pytest tests/test_gallery.py

spared: $(VENV)/.dev  ## choose anew which stories PostgreSQL is told besides SQLite
	$(PYTHON) -m tests.spared

promises: $(VENV)/.dev  ## write docs/promises.md anew from the list of mutations
	$(PYTHON) -m docs.promises

emoji: $(VENV)/.dev  ## make the table of Slack's emoji names anew; needs npm
	$(PYTHON) .ci/emoji.py

access: $(VENV)/.dev  ## write docs/access.md anew from the rules
	GOLDENS=write $(PYTHON) -m pytest -n0 tests/handlers/rules/test_access.py

topics: $(VENV)/.dev  ## train the topics anew, after handlers/likeness/topics.txt has changed
	$(PYTHON) -m handlers.likeness.training

bench: $(VENV)/.dev  ## run every bench briefly; each prints its figure last
	@for file in $$(grep -l __main__ bench/*.py); do \
	  name=$$(basename $$file .py); echo "== $$name"; $(PYTHON) -m bench.$$name --quick || exit 1; \
	done

schema: $(VENV)/.dev  ## write docs/schema.md anew from the tables
	$(PYTHON) -m docs.schema

screenshots: $(VENV)/.dev  ## take the pictures in docs/ anew; needs Chromium
	$(PYTHON) docs/screenshots.py

narrow: $(VENV)/.dev build/narrow/node_modules  ## look at every card 320 pixels wide; needs npm and Chromium
	PYTHONPATH=. $(PYTHON) .ci/narrow.py build/narrow build/narrow/pictures

trackers: $(VENV)/.dev  ## let others' tools judge the trackers; SPECS=dir of vendors' documents; needs npm
	.ci/trackers/run $(PYTHON) $(SPECS)

build/narrow/node_modules:
	npm install --silent --no-audit --no-fund --no-save --prefix build/narrow adaptivecards@3.0.6

# uv.lock names the registry it was made from, so it stays out of git;
# the exported files carry the same versions and hashes and name no address.
lock: $(VENV)/.uv  ## resolve the dependencies anew and pin them in requirements*.txt
	$(VENV)/bin/uv lock --quiet --python $(PYTHON)
	$(EXPORT) --no-dev --group semantic --output-file requirements.txt
	$(EXPORT) --all-groups --output-file requirements-dev.txt
	$(EXPORT) --only-group uv --output-file requirements-uv.txt

# Three steps of one environment: uv alone, then what Hone runs on, or what its developers need.
$(VENV)/.uv: requirements-uv.txt
	@$(PY) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null || { \
	  echo "Hone needs Python 3.11 to 3.14, which $(PY) is not; name one that is, as in: make PY=python3.13" >&2; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PY) cannot make virtual environments; install its venv package (on Debian: python3-venv) and try again" >&2; exit 1; }
	$(PY) -m venv --clear $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

$(VENV)/.runtime: requirements.txt $(VENV)/.uv
	$(SYNC) $<
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.uv
	$(SYNC) $<
	@touch $@
