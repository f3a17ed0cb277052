"""The demo on the command line."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import console, forget_secrets, print_json


def register(cli: typer.Typer) -> None:
    """demo."""
    cli.command()(demo)


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the transcript, with one line of JSON.")] = False,
) -> None:
    """Play the whole loop in a local Slack, then stay up to be tried.

    Needs no settings and touches no data of yours: its own is in the folder `demo` of KPIBOT_DATA, emptied each time.
    """
    from bot.demo.evening import Evening
    from bot.demo.house import put_up

    _stay_local()
    with put_up(Path(os.environ.get("KPIBOT_DATA", "").strip() or "data").absolute()) as house:
        proof = Evening(house, console, once).run()
    if once:
        print_json(proof.json())


def _stay_local() -> None:
    """Nothing of the surroundings reaches the demo: no token of a real Slack, no proxy between its parts."""
    forget_secrets()
    for name in list(os.environ):
        if name.lower() in {"http_proxy", "https_proxy", "all_proxy"}:
            del os.environ[name]
