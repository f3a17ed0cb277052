"""Published figures against our arithmetic: `python -m tests.oracles FILE`, a family of kinds per module."""
