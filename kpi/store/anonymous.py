"""Which anonymous answers may be told of: five of an account at a time, all as if given when the fifth was."""

from sqlalchemy import Subquery, case, func, or_, select

from kpi.store.store import Tx
from kpi.store.tables import reply, survey

FIVE = 5
"""As many of one account, instrument and owner are told of together; the views say the same (reporting_anonymous)."""
RESPONDENT = "anonymous:"
"""How the respondents of anonymous surveys begin."""


def answers(tx: Tx) -> Subquery:
    """The anonymous answers: reply_id, told_at, the instant their five was full, null until it is, and edited_at, that
    at which somebody of a full five last said something.

    An account's answers to an instrument, while it was one owner's, are put into fives in the order they were given;
    whoever watches the fives fill up learns of five people at once.
    """
    asked = (survey.c.workspace_id == reply.c.workspace_id) & (survey.c.survey_id == reply.c.survey_id)
    nameless = or_(survey.c.is_anonymous, reply.c.respondent.startswith(RESPONDENT, autoescape=True))
    of = (reply.c.account_id, reply.c.instrument, reply.c.owner_id)
    order = func.row_number().over(partition_by=of, order_by=(reply.c.answered_at, reply.c.reply_id))
    numbered = (
        select(reply.c.reply_id, *of, reply.c.answered_at, reply.c.edited_at, ((order - 1) // FIVE).label("five"))
        .select_from(reply.join(survey, asked, isouter=True))
        .where(tx.mine(reply), nameless)
        .subquery()
    )
    row = numbered.c
    five = (row.account_id, row.instrument, row.owner_id, row.five)
    full = func.count().over(partition_by=five) == FIVE
    instants = {"told_at": row.answered_at, "edited_at": row.edited_at}
    last = (case((full, func.max(at).over(partition_by=five))).label(name) for name, at in instants.items())
    return select(row.reply_id, *last).subquery()
