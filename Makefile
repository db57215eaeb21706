# The project's commands; `make help` lists them. All of it happens in .venv here; nothing is installed outside.
SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV ?= .venv
EXTRAS ?= dev

# An environment that is there and works is kept; else the first Python that runs (a shim on the PATH may not) and
# can make one. PYTHON=/path/to/python overrides both.
PROBE := import ensurepip, sys, venv; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))
ifndef PYTHON
PYTHON := $(shell for p in $(VENV)/bin/python python3.12 python3.11 python3; do \
	if "$$p" -c '$(PROBE)' >/dev/null 2>&1; then echo "$$p"; break; fi; done)
endif
VERSION := $(if $(PYTHON),$(shell "$(PYTHON)" -c 'import sys; print("%d%d" % sys.version_info[:2])' 2>/dev/null))
LOCK := locks/py$(VERSION).txt
READY := $(VENV)/.ready-py$(VERSION)-$(EXTRAS)
IN := $(VENV)/bin

.PHONY: help setup demo test check bench soak score train notebooks docs lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## /\1 /p' $(MAKEFILE_LIST) | while read -r target words; do \
		printf '  make %-9s %s\n' "$$target" "$$words"; done

setup: $(READY) ## the environment in .venv, with the versions of the lock; does nothing when up to date

ifneq ($(filter 311 312,$(VERSION)),)
$(READY): pyproject.toml $(LOCK)
	@$(IN)/python -c 'import sys; sys.exit("%d%d" % sys.version_info[:2] != "$(VERSION)")' 2>/dev/null \
		|| "$(PYTHON)" -m venv --clear $(VENV)
	@echo "Installing the dependencies into $(VENV) (about a minute)"
	@$(IN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) -e '.[$(EXTRAS)]'
	@rm -f $(VENV)/.ready-* && touch $@
else
$(READY): FORCE
	@echo "trialcriteria needs Python 3.11 or 3.12 with its venv module, and found none$(if $(PYTHON), in $(PYTHON))." >&2
	@echo "Debian or Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.12; Fedora: dnf install" >&2
	@echo "python3.12; any system: https://www.python.org/downloads/. Or name one: make PYTHON=/path/to/python3.12" >&2
	@exit 1
FORCE:
endif

demo: setup ## extract the sample registry and show a summary and the first rows
	@$(IN)/trialcriteria extract samples/registry.json -o demo-out --overwrite --head 8

test: setup ## all tests
	@$(IN)/python -m pytest -q $(ARGS)

check: setup ## formatting, lint and types
	$(IN)/ruff format --check .
	$(IN)/ruff check .
	$(IN)/mypy

bench: setup ## time over the tokenizer floor, trials and megabytes a second, peak memory
	@$(IN)/python tests/bench/ratios.py

soak: setup ## kills, fuzzed inputs, long texts and memory over long runs; takes about an hour, ARGS=--quick seconds
	@$(IN)/python tests/bench/soak.py $(ARGS)

notebooks: setup ## the notebooks, run and written to build/notebooks as pages
	@$(IN)/python -m nbconvert --log-level=ERROR --to html --execute --output-dir build/notebooks \
		--ExecutePreprocessor.extra_arguments=--log-level=ERROR \
		--HTMLExporter.mathjax_url= --HTMLExporter.require_js_url= notebooks/*.ipynb
	@ls build/notebooks/*.html

score: setup ## score everything that is here and write annotations/SCORES.md
	@$(IN)/python annotations/score.py

train: setup ## learn the confidence from the gold: pipeline/trialcriteria/certainty.toml and models/
	@$(IN)/python models/train.py

docs: setup ## the output shown in README.md and the map in pipeline/README.md, from the code as it is
	@$(IN)/python tests/readme_output.py
	@$(IN)/python tests/test_map.py

lock: setup ## the two lock files, from the ranges in pyproject.toml
	@for version in 3.11 3.12; do \
		file="locks/py$$(echo $$version | tr -d .).txt"; \
		$(IN)/uv pip compile --quiet --upgrade --all-extras --no-annotate --no-header --python-version $$version \
			pyproject.toml --output-file "$$file" && echo "wrote $$file" || exit 1; done

clean: ## what the targets leave behind, but for .venv
	@rm -rf demo-out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
