"""Ask the questions that are due, follow up on open ones, and close the surveys whose time is over."""

from kpi.ports import Now
from kpi.services.surveys import Surveys
from kpi.services.surveys.one_by_one import one_by_one


def run(surveys: Surveys, now: Now) -> None:
    """Twice, late or after a crash changes nothing; what fails does not keep the rest from being done."""
    moment = now()
    one_by_one(
        lambda step: step(moment), (surveys.post_due, surveys.follow_up, surveys.strangers.count_known, surveys.expire)
    )
