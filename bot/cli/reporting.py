"""The role that analysts' tools connect as."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from bot.cli.session import console, opened_store, print_json, read_settings
from bot.services import build_reporting
from kpi.errors import KpiError
from kpi.services.reporting import ROLE, Access

reporting = typer.Typer(no_args_is_help=True, help="Views for Metabase, Power BI and the like, and who may read them.")

Role = Annotated[str, typer.Option(help="The role's name in PostgreSQL.")]

_BY = "command line"
_BUNDLED_IS_CLOSED = (
    "The bundled PostgreSQL listens on no port. Set KPIBOT_POSTGRES_PORT=5433 wherever kpibot is started, stop all of "
    "it and start it again; this machine's tools then find it at 127.0.0.1, port 5433."
)
_OWN_IS_CLOSED = "This PostgreSQL listens on no port (listen_addresses is empty): have it opened to your tool."


def register(cli: typer.Typer) -> None:
    """reporting enable, disable."""
    cli.add_typer(reporting, name="reporting")


@reporting.command()
def enable(
    role: Role = ROLE,
    password_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Take the password from the first line of this file; -: standard input."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")] = False,
) -> None:
    """Make the role, or give it a new password, and print how to connect.

    It may read the views of the schema reporting and nothing else. A password is made up unless one is given, and
    shown this once.
    """
    settings = read_settings()
    password = None if password_file is None else _first_line(password_file)
    with opened_store(settings) as store:
        access = build_reporting(store).enable(role, password, _BY)
    bundled = settings.environment.database_url is None
    closed = None if access.address.host else _BUNDLED_IS_CLOSED if bundled else _OWN_IS_CLOSED
    if json:
        shown = {"user": access.role, "password": access.password if password is None else None, "schema": "reporting"}
        print_json({**asdict(access.address), **shown, "beyond": access.beyond, "closed": closed})
        return
    _print(access, "as given" if password is not None else f"{access.password}   (shown this once)")
    for warning in filter(None, (closed, _beyond(access))):
        print(warning, file=sys.stderr)  # noqa: T201 beside what is printed


@reporting.command()
def disable(role: Role = ROLE) -> None:
    """Remove the role; whoever is connected as it reads nothing more. The views stay."""
    with opened_store(read_settings()) as store:
        build_reporting(store).disable(role, _BY)
    console.print(f"The role {role} is gone.")


def _print(access: Access, password: str) -> None:
    console.print(
        f"{access.role} may read the views of the schema reporting, and nothing else of this workspace.", soft_wrap=True
    )
    port = str(access.address.port) if access.address.host else "none"
    told = (("Host", access.address.host or "none"), ("Port", port), ("Database", access.address.database))
    for name, value in (*told, ("Schema", "reporting"), ("User", access.role), ("Password", password)):
        console.print(Text(f"  {name:<10}{value}"), soft_wrap=True)


def _beyond(access: Access) -> str | None:
    if not access.beyond:
        return None
    shown = ", ".join(access.beyond[:5]) + (f" and {len(access.beyond) - 5} more" if len(access.beyond) > 5 else "")
    return (
        f"What everybody may read or change in this database, it may too: {shown}. REVOKE that FROM PUBLIC to end it."
    )


def _first_line(path: Path) -> str:
    try:
        written = sys.stdin.readline() if str(path) == "-" else path.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, UnicodeDecodeError) as fault:
        raise KpiError(
            f"The password cannot be read from {path}: {getattr(fault, 'strerror', None) or fault}."
        ) from fault
    return written.rstrip("\r\n")
