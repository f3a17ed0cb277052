"""How long to look: the same few examples in every run of the tests, many more, and new ones, in the slow ones."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings

PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def examples(few: int, many: int) -> pytest.MarkDecorator:
    """The test takes `count`: few, and in its slow twin many."""
    return pytest.mark.parametrize(
        "count", [few, pytest.param(many, marks=[pytest.mark.slow, pytest.mark.timeout(900)])]
    )


def look(holds: Callable[[], None], count: int) -> None:
    """Try a property of hypothesis on so many examples; hundreds are the same ones each time."""
    known = count < 1000
    phases = (Phase.explicit, Phase.generate) if known else tuple(Phase)
    settings(max_examples=count, derandomize=known, phases=phases, suppress_health_check=PATIENT)(holds)()
