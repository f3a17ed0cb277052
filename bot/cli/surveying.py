"""The survey programme on the command line."""

import typer

from bot.cli import survey_report

survey = typer.Typer(no_args_is_help=True, help="Whom clients' surveys reach, and who answers.")


def register(cli: typer.Typer) -> None:
    """survey report."""
    survey.command(name="report")(survey_report.report)
    cli.add_typer(survey, name="survey")
