"""Ask the questions that are due, follow up on open ones, and close the surveys whose time is over."""

from contextlib import ExitStack

from kpi.ports import Now
from kpi.services.surveys import Surveys


def run(surveys: Surveys, now: Now) -> None:
    """Twice, late or after a crash changes nothing; what fails does not keep the rest from being done."""
    moment = now()
    with ExitStack() as steps:
        for step in reversed((surveys.post_due, surveys.follow_up, surveys.count_known, surveys.expire)):
            steps.callback(step, moment)
