"""The kpibot command: parse, call, print."""

import signal
import sys

import typer

from bot.cli import (
    asking,
    auditing,
    correcting,
    demo,
    digests,
    exporting,
    impacts,
    importing,
    publishing,
    rebuilding,
    reporting,
    running,
    sample,
    surveying,
    targets,
    upkeep,
)
from bot.cli.session import written_out
from kpi.errors import KpiError

cli = typer.Typer(
    name="kpibot",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode="markdown",  # folds the lines of a docstring to the terminal's width
    help="Client KPIs in Slack: run the bot, bring facts in and out, ask, and put right what was stored.",
)
for part in (
    *(running, asking, impacts, targets, publishing, digests, surveying),
    *(correcting, importing, exporting, reporting, rebuilding, sample, upkeep, auditing, demo),
):
    part.register(cli)


def main() -> None:
    """Run the command; a fault the user can mend is one line on standard error and exit status 1."""
    # The default would end us without closing what we opened: the bundled PostgreSQL must see its last user leave.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        with written_out():
            cli()
    except KpiError as fault:
        print(fault, file=sys.stderr)  # noqa: T201 the one line
        sys.exit(1)
