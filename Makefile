# Python ≥ 3.11 and make are all this needs: `make run`, then open http://localhost:8000
.DEFAULT_GOAL := help
.PHONY: help run dev test mutants faults image bench soak check backup restore lock deploy venv venv-dev

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
# The lock file last installed is kept beside what it installed, so nothing is installed twice.
install = cmp -s $(1) .venv/$(1) || { echo "Installing the packages of $(1) (once; a minute or two)"; \
	$(BIN)/python -m pip install --disable-pip-version-check --require-hashes -r $(1) && cp $(1) .venv/; }

# Who is here, what they may do, and what happened: every branch of these is tested, and few mutants of them live.
guarded := todo_app/change_feed.py todo_app/clean_addresses.py $(patsubst %,todo_app/services/%.py,access_tokens accounts actor confirming \
	email_confirmation entry limits mail_links passkeys passwords recovery sealing second_step sessions signed_tokens tickets two_step) \
	$(patsubst %,todo_app/api/%.py,auth dependencies origin recovery two_step) $(patsubst %,todo_app/ui/%.py,gate handshake session)

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-8s %s\n", $$1, $$2}' Makefile

run: venv  ## install, migrate, build and serve pages and API on one port
	@$(BIN)/python -m todo_app serve

dev: venv  ## the same with hot reload of pages and handlers
	@$(BIN)/python -m todo_app dev

test: venv-dev  ## the whole suite: every database, a real browser, branch coverage
	@$(BIN)/python -m slipcover --out .coverage.json -m pytest --numprocesses auto --no-loadscope-reorder
	@$(BIN)/python -m tests.covered .coverage.json $(guarded)

mutants: venv-dev  ## put small faults into what guards people's things, and list those that no test notices; 45 minutes; MODULE=… SAMPLE=…
	@$(BIN)/python -m tests.mutants $(or $(MODULE),$(guarded))

faults: venv-dev  ## kills, power cuts, a full disk, restarts, random actions, at length; SEED=… repeats a run
	@THOROUGH=1 $(BIN)/python -m pytest tests/durability -v --capture=no

image: venv-dev  ## build the Dockerfile's image and try it in containers, and compose.yaml's proxy, without Docker; as root on Debian or Ubuntu
	@$(BIN)/python -m pytest deploy -v

bench: venv-dev  ## measure speed beside its peers, into benchmarks/RESULTS.md; a quarter of an hour on a quiet machine
	@$(BIN)/python -m benchmarks

soak: venv-dev  ## half an hour of mixed work on two processes, and what their memory does; MINUTES=…
	@$(BIN)/python -m benchmarks.soak

check: venv-dev  ## format, lint, types, architecture and the fast tests, on SQLite alone
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/bandit -q -r todo_app -c pyproject.toml && $(BIN)/mypy && $(BIN)/python -m pytest -q -m "not slow" -k "not postgresql" --numprocesses auto

backup: venv  ## copy all data into one file, safe while the app runs (FILE=… names it)
	@$(BIN)/python -m todo_app backup $(if $(FILE),"$(FILE)")

restore: venv  ## bring back what a backup holds: FILE=… (OVERWRITE=yes replaces what is there)
	@test -n "$(FILE)" || { echo "Name the backup: make restore FILE=…"; exit 1; }
	@$(BIN)/python -m todo_app restore "$(FILE)" $(if $(filter yes,$(OVERWRITE)),--overwrite)

lock: venv-dev  ## renew each requirements*.txt from its requirements*.in
	@for name in requirements requirements-dev benchmarks/others/requirements; do echo "Locking $$name.txt"; \
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		--no-annotate -o $$name.txt $$name.in || exit 1; done

deploy: venv-dev  ## put it on Reflex Cloud (docker compose up and Fly need no make)
	@$(BIN)/python -m todo_app deploy

venv: .venv/bin/python
	@$(call install,requirements.txt)

venv-dev: .venv/bin/python
	@$(call install,requirements-dev.txt)
	@cmp -s requirements.txt .venv/requirements.txt || cp requirements.txt .venv/

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@echo "Making the virtual environment .venv with $(PYTHON)"
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt install python3-venv"; exit 1; }
