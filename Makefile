# One command per task; each installs what it needs first. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
JOBS ?= 2
# Every process computes on one thread; parallelism comes from processes.
export OMP_NUM_THREADS ?= 1

# Files in the order of tests/conftest.py.
PARALLEL := -n $(JOBS) --dist loadfile --no-loadscope-reorder
# The longest test takes two minutes on a quiet machine.
BOUND := --timeout 900 --timeout-method thread

A ?= ex02_gap_three_ways
S ?=
# More options: of `jupyter lab` for make formgrader, of publish (FLAGS=--take-away).
FLAGS ?=
export A S

.PHONY: help book serve take-away slides test prove versions notebooks results check grade formgrader publish clean

help:  ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

book: $(VENV)/.book  ## build the whole site into _build/html
	$(BIN)/jupyter-book build . -W -n --keep-going -q

serve: $(VENV)/.test  ## live preview at http://127.0.0.1:8000: what is saved is shown
	$(BIN)/python -m book.site.serve

take-away: book $(VENV)/.test $(VENV)/.system  ## PDF and EPUB of each language, and the site as a zip, linked from the site
	$(BIN)/python -m book.site.take_away
	$(BIN)/jupyter-book build . -W -n --keep-going -q
	$(BIN)/python -m book.site.take_away --zip

slides: $(VENV)/.test  ## slides of each chapter for instructors, offline, in both languages, into _build/slides
	$(BIN)/python -m book.slides

notebooks: $(VENV)/.test $(VENV)/.system  ## regenerate the notebooks, execute what changed
	$(BIN)/python -m book.bilingual build --jobs $(JOBS)

results: $(VENV)/.test  ## rerun the multi-seed studies
	$(BIN)/python -m book.bilingual results --jobs $(JOBS)

check: $(VENV)/.test  ## the fast gate: is anything stale, untranslated, inconsistent?
	$(BIN)/python -m book.bilingual check
	$(BIN)/python -m autograder.answers

test: $(VENV)/.test $(VENV)/.system  ## every test, nbval over every notebook included
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m book.bilingual check
	$(BIN)/python -m autograder.answers
	$(BIN)/python -m book.bilingual results --check-row
	$(BIN)/pytest -q $(PARALLEL) $(BOUND) -m "not prove" tests
	$(BIN)/pytest -q $(PARALLEL) $(BOUND) --nbval notebooks solutions

prove: $(VENV)/.test $(VENV)/.system  ## what takes longer: all mutants, 100 kills, 30 seeds, every study anew
	$(BIN)/python -m autograder.prove --jobs $(JOBS)
	$(BIN)/pytest -q $(PARALLEL) -m prove tests
	$(BIN)/python -m book.bilingual results --check-row all

versions: $(VENV)/.run  ## grade every sample class (A=…: one) with the oldest and the newest versions that pyproject.toml allows
	$(BIN)/python -m autograder.versions $(if $(filter file,$(origin A)),,$(A))

grade: $(VENV)/.run  ## grade a class: make grade A=ex02_gap_three_ways S=path/to/submissions
	$(BIN)/python -m autograder.grade "$$A" $${S:+"$$S"}

formgrader: $(VENV)/.run  ## open nbgrader's formgrader in the browser
	course=$$($(BIN)/python -m autograder.places) && cd autograder && jupyter lab --ServerApp.root_dir="$$course" --LabApp.default_url=/formgrader $(FLAGS)

publish: book  ## write the students' tree (site and notebooks, no solutions) into _build/public
	$(BIN)/python -m book.bilingual.publish _build/public $(FLAGS)

clean:  ## remove what was built, keep the environment and the class's data
	@kept=$$(find _build -name gradebook.db -execdir test ! -e .sample-class \; -print -quit 2>/dev/null || true); if [ -n "$$kept" ]; then \
	  echo "make clean removes _build, and $$kept is a class's gradebook. Move its folder out of _build first." >&2; exit 1; \
	fi
	rm -rf _build

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --upgrade pip

$(VENV)/.book: pyproject.toml | $(BIN)/python
	$(BIN)/pip install -q -e .
	touch $@

# What grades: no browser, no fonts, nothing that only tests need.
$(VENV)/.run: pyproject.toml book/torchvision_shim/pyproject.toml book/torchvision_shim/torchvision_cpu_shim.py | $(BIN)/python
	$(BIN)/pip install -q -e '.[run,cluster]'
	$(BIN)/pip install -q --force-reinstall --no-deps ./book/torchvision_shim
	touch $@ $(VENV)/.book

$(VENV)/.test: pyproject.toml book/torchvision_shim/pyproject.toml book/torchvision_shim/torchvision_cpu_shim.py | $(BIN)/python
	$(BIN)/pip install -q -e '.[test,cluster]'
	$(BIN)/pip install -q --force-reinstall --no-deps ./book/torchvision_shim
	touch $@ $(VENV)/.book $(VENV)/.run

# Chromium, a Korean font for the browser tests, and a font whose sums and brackets grow for the books' formulas.
$(VENV)/.system: | $(BIN)/python
	@if ! command -v chromium >/dev/null || ! fc-list :lang=ko 2>/dev/null | grep -q . ; then \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-nanum fonts-dejavu-extra fontconfig >/dev/null; \
	  else \
	    echo "make test needs Chromium and a Korean font, the books one for formulas: sudo apt-get install chromium fonts-nanum fonts-dejavu-extra" >&2; exit 1; \
	  fi; \
	fi
	touch $@
