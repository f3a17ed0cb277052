"""`make bench`: every measurement as a table, then all figures as one line of JSON.

`make bench ARGS="answering recompute"` runs those alone. KPIBOT_BENCH_EVENTS says how many events the longer history
has, 10,000,000 by default; KPIBOT_BENCH_KEEP names a folder in which both histories are kept for the next run;
KPIBOT_BENCH_SURVEYS says how many questions drain, 1,000 by default.
"""

import json
import sys
from collections.abc import Callable, Mapping
from functools import partial

from rich.console import Console
from rich.table import Table

from benchmarks import answering, cold_start, crowd, dispatch, drain, freshness, idle_memory, importing, recompute
from benchmarks.history import Histories
from benchmarks.report import Report

PAPER = 150
"""How many letters stand in a line where there is no terminal."""


def measurements(histories: Histories) -> Mapping[str, Callable[[], Report]]:
    """All there are, by name; those that ask the histories share them."""
    return {
        "dispatch": dispatch.measure,
        "cold_start": cold_start.measure,
        "importing": importing.measure,
        "answering": partial(answering.measure, histories),
        "freshness": partial(freshness.measure, histories),
        "recompute": partial(recompute.measure, histories),
        "idle_memory": partial(idle_memory.measure, histories),
        "crowd": partial(crowd.measure, histories),
        "drain": drain.measure,
    }


def main() -> None:
    """Run the measurements named on the command line, all of them by default."""
    console = Console(highlight=False, width=None if sys.stdout.isatty() else PAPER)
    figures = {}
    with Histories() as histories:
        known = measurements(histories)
        chosen = sys.argv[1:] or list(known)
        if unknown := [name for name in chosen if name not in known]:
            sys.exit(f"There is no measurement “{unknown[0]}”; there are {', '.join(known)}.")
        try:
            for name in chosen:
                report = known[name]()
                console.print(shown(report))
                console.print()
                figures[name] = report.figures
        finally:
            print(json.dumps(figures))  # noqa: T201 programs read it


def shown(report: Report) -> Table:
    """A report for people."""
    table = Table(*report.columns, title=report.title, title_justify="left", box=None)
    for row in report.rows:
        table.add_row(*row)
    return table


if __name__ == "__main__":
    main()
