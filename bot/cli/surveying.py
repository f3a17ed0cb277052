"""The survey programme on the command line."""

import typer

from bot.cli import survey_report, survey_simulate

survey = typer.Typer(no_args_is_help=True, help="Whom clients' surveys reach, and who answers.")


def register(cli: typer.Typer) -> None:
    """survey report, simulate."""
    survey.command(name="report")(survey_report.report)
    survey.command(name="simulate")(survey_simulate.simulate)
    cli.add_typer(survey, name="survey")
