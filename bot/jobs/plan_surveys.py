"""Once a day, and when the program starts: whose turn it is to be asked by the calendar."""

from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from kpi.ports import Now
from kpi.services.surveys import Surveys


@dataclass
class Planned:
    """The programme, and the day that is planned already as far as this process knows."""

    surveys: Surveys
    now: Now
    day: date | None = None
    busy: Lock = field(default_factory=Lock)


def run(planned: Planned) -> None:
    """Plan the days ahead once a local day; a second process, or a second time, changes nothing more."""
    moment = planned.now()
    today = moment.astimezone(planned.surveys.policy.workspace.timezone).date()
    with planned.busy:
        if planned.day == today:
            return
        planned.surveys.plan(moment)
        planned.day = today
