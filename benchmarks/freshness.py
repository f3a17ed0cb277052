"""From a stored fact to an answer that has it: the very next one, for facts are counted in their own transaction."""

import time
from collections.abc import Callable
from functools import partial
from statistics import median

from benchmarks.answering import Desk, desk_of
from benchmarks.history import Histories
from benchmarks.report import Report, percentile
from kpi.model import Scope
from kpi.services.questions import Question
from sandbox.server import SandboxConfig, start

TIMES = 20


def measure(histories: Histories) -> Report:
    """A client's answer and `/kpi csat`, a logged interaction and its account's frequency, over the longer history."""
    with start(SandboxConfig(pace=None)) as slack, desk_of(histories.long, slack) as desk:
        delays = {"a client's answer → /kpi csat": _answers(desk), "an interaction → its account": _logged(desk)}
    rows = [(name, f"{TIMES} of {TIMES}", f"{median(ms):.1f} ms", f"{percentile(ms, 95):.1f} ms")
            for name, ms in delays.items()]  # fmt: skip
    names = ("answer", "interaction")
    figures = {f"{name}_p95_ms": round(percentile(ms, 95), 3) for name, ms in zip(names, delays.values(), strict=True)}
    columns = ("stored → shown", "in the next answer", "p50", "p95")
    return Report(
        f"From a stored fact to an answer that has it, {histories.long.events:,} events", columns, rows, figures
    )


def _answers(desk: Desk) -> list[float]:
    """Each answer is one more in n."""
    tokens = [desk.facts.question() for _ in range(TIMES)]
    n, number = desk.answer("csat").n, desk.opened.services.reader.number
    return [
        _delay(desk, partial(desk.facts.answer, token), "csat", number(n + more))
        for more, token in enumerate(tokens, 1)
    ]


def _logged(desk: Desk) -> list[float]:
    """Each is one more touch day of an account nobody has spoken with today."""
    return [_touched(desk, key) for key in desk.facts.quiet(TIMES)]


def _touched(desk: Desk, key: str) -> float:
    reports = desk.opened.services.reports
    question = Question("communication_frequency", scope=Scope("account", key))
    before = reports.answer(question)
    if before.numerator is None or before.denominator is None:
        raise RuntimeError(f"{key} has no frequency")
    after = 30 * (before.numerator + 1) / before.denominator
    expected = desk.opened.services.reader.amount(after, before.unit)
    asked = f"communication_frequency account {key}"
    return _delay(desk, partial(desk.facts.log, key), asked, expected)


def _delay(desk: Desk, store: Callable[[], None], text: str, expected: str) -> float:
    """Milliseconds from the commit to the ack, which must say what is expected."""
    store()
    began = time.perf_counter()
    _, said = desk.line.call(text)
    took = (time.perf_counter() - began) * 1000
    if expected not in said:
        raise RuntimeError(f"after it was stored, “{text}” was to say {expected}, not {said[:500]}")
    return took
