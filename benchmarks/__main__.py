"""`make bench`: every measurement as a table, then all figures as one line of JSON."""

import json
import sys

from rich.console import Console
from rich.table import Table

from benchmarks import cold_start, dispatch, importing

MEASUREMENTS = {"dispatch": dispatch.measure, "cold_start": cold_start.measure, "importing": importing.measure}


def main() -> None:
    """Run the measurements named on the command line, all of them by default."""
    console = Console(highlight=False)
    figures = {}
    for name in sys.argv[1:] or MEASUREMENTS:
        if name not in MEASUREMENTS:
            sys.exit(f"There is no measurement “{name}”; there are {', '.join(MEASUREMENTS)}.")
        report = MEASUREMENTS[name]()
        table = Table(*report.columns, title=report.title, title_justify="left", box=None)
        for row in report.rows:
            table.add_row(*row)
        console.print(table)
        console.print()
        figures[name] = report.figures
    print(json.dumps(figures))  # noqa: T201 programs read it


if __name__ == "__main__":
    main()
