# The only interface of this repository: `make help` prints every target.
.DEFAULT_GOAL := help
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/.ready
SUBJECT ?=
VENDOR ?=
PROFILE ?= reference
SEED ?= 7
ONLY ?=
ACCEPT ?=
TIMES ?= 3
BESIDE ?= $(if $(filter-out reference,$(PROFILE))$(ONLY)$(VENDOR),,--explore 3 --sweep 8)
SAMPLE ?=
NAME ?=
STRIKEPLATE = $(BIN)/python -m strikeplate
PYTEST = $(BIN)/pytest -q --numprocesses auto --dist worksteal
EXAMPLES = tests/strangers/test_examples.py
PYTHONS = tests/package/test_pythons.py
CAMPAIGNS = tests/campaigns tests/test_stops.py tests/service/web/test_every_call.py tests/fakes/kit/test_document.py tests/fakes/vendors/test_documents.py tests/fakes/vendors/exivo/test_openapi.py tests/fakes/doors/test_schedule_against_oracle.py
PIP_COMPILE = $(BIN)/pip-compile --quiet --strip-extras --allow-unsafe --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options
LOAD = $(if $(SHAPE),--shape $(SHAPE)) $(if $(SECONDS),--seconds $(SECONDS)) $(if $(RATE),--rate $(RATE)) $(if $(FAULTS),--faults $(FAULTS)) $(foreach each,$(VENDOR),--vendor $(each)) $(if $(PROCESSES),--processes $(PROCESSES)) $(if $(WORKERS),--workers $(WORKERS)) $(foreach each,$(THRESHOLDS),--thresholds $(each)) $(if $(METRICS_PORT),--metrics-port $(METRICS_PORT))

# Hundreds of processes start in a run; where images forbid it, each would compile anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help
help: ## print this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock
	@[ ! -L .venv ] || { echo ".venv is a link to $$(readlink .venv), and setting up would empty what it leads to; take the link away first: rm .venv"; exit 2; }
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: apt-get install python3.11, or name yours: make PYTHON=/path/to/python"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { [ "$$(id -u)" = 0 ] && apt-get -q update && apt-get -qy install $(PYTHON)-venv; } || { echo "$(PYTHON) cannot make environments here; as root: apt-get install $(PYTHON)-venv"; exit 2; }
	@echo "Setting up .venv from requirements.lock (once; about a minute) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@touch $@

.PHONY: setup
setup: $(READY) ## make .venv from requirements.lock; done once, the other targets call it

.PHONY: conformance
conformance: $(READY) ## judge a subject by the documented rules (SUBJECT= VENDOR= PROFILE= SEED= ONLY= BESIDE=)
	@$(STRIKEPLATE) check --profile $(PROFILE) --seed $(SEED) $(BESIDE) $(if $(SUBJECT),--subject $(SUBJECT)) $(if $(VENDOR),--vendor $(VENDOR)) $(if $(ONLY),--only $(ONLY))

.PHONY: vendors
vendors: $(READY) ## judge the reference service with one vendor at a time
	@for each in features/profiles/reference-*.toml; do $(STRIKEPLATE) check --profile $$each --seed $(SEED) || exit 1; done

.PHONY: browser
browser: ## install Debian's chromium for the tests of pages, where it is missing and you may
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get -q update && apt-get -qy install --no-install-recommends chromium; } || echo "chromium is missing, so the tests of pages are skipped; as root: apt-get install chromium"

.PHONY: node
node: ## install Debian's nodejs for the test of the Node example, where it is missing and you may
	@command -v node >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get -q update && apt-get -qy install --no-install-recommends nodejs; } || echo "node is missing, so the Node example is not run; as root: apt-get install nodejs"

.PHONY: diff
diff: $(READY) ## show what was lost or gained since features/baseline.ndjson (ACCEPT=yes takes it as the new one)
	@$(STRIKEPLATE) diff $(if $(ACCEPT),--accept)

.PHONY: stability
stability: $(READY) browser node ## judge and test TIMES times, in other orders and by other seeds: nothing may change
	$(STRIKEPLATE) stability --times $(TIMES)
	@for seed in $$(seq $(TIMES)); do PYTHONHASHSEED=$$seed $(PYTEST) --ignore tests/style --ignore $(PYTHONS) --randomly-seed=$$seed || exit 1; done

.PHONY: examples
examples: $(READY) node ## judge the examples by every rule, on several dates, and with planted faults
	$(BIN)/pytest -q --numprocesses 3 --dist worksteal $(EXAMPLES)

.PHONY: test
test: $(READY) browser node ## run every test of this repository, but those of `make examples` and `make pythons`
	$(PYTEST) --ignore tests/style --ignore $(EXAMPLES) --ignore $(PYTHONS)

.PHONY: pythons
pythons: $(READY) ## try the wheel on the other Pythons that it names, where they are installed
	$(BIN)/pytest -q -rs $(PYTHONS)

.PHONY: mutants
mutants: $(READY) ## prove the rules: each known-bad subject breaks exactly the rules it names (SAMPLE= SEED=)
	$(STRIKEPLATE) mutants --seed $(SEED) $(if $(SAMPLE),--sample $(SAMPLE))

.PHONY: load
load: $(READY) ## load a subject and audit it at the doors (SHAPE= SECONDS= RATE= FAULTS= VENDOR= PROCESSES= WORKERS= THRESHOLDS= METRICS_PORT=)
	@$(BIN)/python -m loadtests --profile $(PROFILE) --seed $(SEED) $(LOAD) $(if $(SUBJECT),--subject $(SUBJECT))

.PHONY: bench
bench: $(READY) ## compare our own parts with baselines (ONLY= PEERS=1 PAGE=1)
	@$(BIN)/python -m loadtests.bench $(if $(PEERS),peers) $(ONLY) $(if $(PAGE),--page)

.PHONY: campaigns
campaigns: $(READY) ## kill processes 600 times, hang 1,000 clients; figures in results/campaigns.txt (an hour)
	CAMPAIGNS_LARGE=1 $(BIN)/pytest -q $(CAMPAIGNS)

.PHONY: audit
audit: $(READY) ## look up known vulnerabilities of the locked packages, and list licences
	@cat docs/licences.md
	@$(BIN)/python -m tests.package.vulnerabilities

.PHONY: check
check: $(READY) ## formatting, lint, types, architecture, words and documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/style

.PHONY: site
site: $(READY) ## build the documentation site as files in results/site; warnings are errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build
	@echo "results/site/index.html"

.PHONY: screenshots
screenshots: $(READY) browser ## make the pictures of the site from the real pages, into docs/images
	@$(BIN)/python -m docs.screenshots

.PHONY: up
up: $(READY) ## fakes, service and inbox together, on one clock, with an example
	$(BIN)/python -m strikeplate up

.PHONY: fakes
fakes: $(READY) ## serve the fake vendors on http://127.0.0.1:8700
	$(BIN)/python -m fakes

.PHONY: serve
serve: $(READY) ## serve the reference integration on http://127.0.0.1:8800
	$(BIN)/python -m service

.PHONY: vendor
vendor: $(READY) ## write the folders of a new vendor (NAME=)
	@$(STRIKEPLATE) vendor "$(NAME)"

.PHONY: lock
lock: $(READY) ## write both locks of packages, features/requirements.lock (rules) and what new scenarios reach
	$(PIP_COMPILE) --all-extras --upgrade --output-file requirements.lock pyproject.toml
	@sed -nE 's/^([^ ]+==[^ ]+).*/\1/p' requirements.lock > .venv/pins.txt
	$(PIP_COMPILE) --extra service --extra clock --constraint .venv/pins.txt --output-file requirements-image.lock pyproject.toml
	$(STRIKEPLATE) lock

.PHONY: ci
ci: SAMPLE = 2
ci: check conformance diff vendors examples test pythons mutants ## decide whether a change lands, as .ci/run does

.PHONY: clean
clean: ## remove the environment, results and caches
	rm -rf .venv results .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
