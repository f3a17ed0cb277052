"""The whole portfolio, account by account, in bounded memory."""

from collections.abc import Callable, Iterator

from kpi.sources.sample.answers import surveys
from kpi.sources.sample.conversation import conversation
from kpi.sources.sample.course import Course, course
from kpi.sources.sample.days import Days
from kpi.sources.sample.feedback import feedback
from kpi.sources.sample.money import money
from kpi.sources.sample.plan import Plan
from kpi.sources.sample.registers import registers
from kpi.sources.sample.rows import Rows, row
from kpi.sources.sample.teams import owners
from kpi.sources.sample.usage import usage

MAKERS: tuple[Callable[[Course], Rows], ...] = (registers, conversation, usage, surveys, money, feedback)


def staff(plan: Plan) -> Rows:
    """owners: everybody of ours."""
    everybody = owners(plan.accounts, plan.seed)
    return {"owners": [row(one.key, one.name, one.email, one.slack_user_id, one.lead) for one in everybody]}


def portfolio(plan: Plan) -> Iterator[tuple[Course, list[Rows]]]:
    """One account after the other with its rows."""
    days = Days(plan)
    for index in range(plan.accounts):
        told = course(index, days)
        yield told, [make(told) for make in MAKERS]
