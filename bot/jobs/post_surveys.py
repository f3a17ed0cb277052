"""Ask the questions that are due, and close the surveys whose time is over."""

from kpi.ports import Now
from kpi.services.surveys import Surveys


def run(surveys: Surveys, now: Now) -> None:
    """Twice, late or after a crash changes nothing; a question that fails does not keep surveys from closing."""
    moment = now()
    try:
        surveys.post_due(moment)
    finally:
        surveys.expire(moment)
