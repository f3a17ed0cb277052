# Everything a fresh machine needs is Python 3.11 or newer, git, make and a package index.
PYTHON ?= python3
ARGS ?=
UV_VERSION := 0.13.9
RUN := .venv/bin/python -m
export UV_PYTHON_DOWNLOADS := never

.PHONY: setup demo test test-slow check fix bench lock clean

setup: .venv/.ready

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; call make with PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: requirements-dev.lock pyproject.toml | .tools/bin/uv
	test -x .venv/bin/python || .tools/bin/uv venv --quiet --python $(PYTHON) .venv
	.tools/bin/uv pip sync --quiet --python .venv/bin/python requirements-dev.lock
	.tools/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
	touch .venv/.ready

demo: setup
	$(RUN) bot demo $(ARGS)

.venv/.browser: .venv/.ready
	command -v "$$KPIBOT_TEST_BROWSER" || command -v chromium || command -v google-chrome || command -v chromium-browser \
		|| $(RUN) playwright install --with-deps chromium || $(RUN) playwright install chromium
	touch .venv/.browser

test: setup .venv/.browser
	$(RUN) pytest --numprocesses auto --dist loadscope $(ARGS)

# The few long ones are spread one by one: a sweep is a single file.
test-slow: setup .venv/.browser
	$(RUN) pytest --numprocesses auto --dist load -m slow $(ARGS)

check: setup
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	.venv/bin/python -c 'from importlinter.cli import lint_imports_command as lint; lint()'
	$(RUN) pytest tests/test_house.py

fix: setup
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

bench: setup
	$(RUN) benchmarks $(ARGS)

lock: .tools/bin/uv
	.tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	.tools/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
