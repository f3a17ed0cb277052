"""The ways of questions and answers."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, or_, select, update

from kpi.model import Instrument
from kpi.records import survey as records
from kpi.store.intake.checks import CONTACT_OF_ACCOUNT, said, shared
from kpi.store.intake.plan import Check, Fill, Plan, named, only_new, recorded, same
from kpi.store.intake.replies import keep_survey
from kpi.store.intake.staging import Stage
from kpi.store.tables import account, interaction, owner, reply, survey


def _interaction_elsewhere(stage: Stage) -> ColumnElement[bool]:
    at_account = (
        select(literal(1))
        .select_from(interaction.join(account, _same(account.c.account_id, interaction.c.account_id)))
        .where(stage.tx.mine(interaction), interaction.c.key == stage.c.interaction, account.c.key == stage.c.account)
    )
    return and_(stage.c.interaction.is_not(None), stage.c.account.is_not(None), ~at_account.exists())


INTERACTION_OF_ACCOUNT = Check(
    "interaction",
    _interaction_elsewhere,
    lambda stage: said("“", stage.c.interaction, "” took place at another account than “", stage.c.account, "”"),
)


def _asked_already(stage: Stage) -> ColumnElement[bool]:
    """A stored survey asks the same about the same interaction."""
    other = (survey.c.instrument == stage.c.instrument, survey.c.key != stage.c.survey)
    return (
        select(literal(1))
        .select_from(survey.join(interaction, _same(interaction.c.interaction_id, survey.c.interaction_id)))
        .where(stage.tx.mine(survey), interaction.c.key == stage.c.interaction, *other)
        .exists()
    )


def _said_asked(stage: Stage) -> ColumnElement[str]:
    return said("another survey asks ", stage.c.instrument, " about “", stage.c.interaction, "” already")


def _keep_owner(stage: Stage) -> None:
    """Rows that do not say whose question it was, and whose interaction does not either, leave it whose it is."""
    if "owner" in stage.given:
        return
    told = (stage.tx.mine(interaction), interaction.c.key == stage.c.interaction, interaction.c.owner_id.is_not(None))
    stored = (stage.tx.mine(survey), survey.c.key == stage.c.survey, _same(owner.c.owner_id, survey.c.owner_at_send))
    untold = ~select(literal(1)).where(*told).exists()
    stage.tx.run(update(stage.table).where(*stored, untold).values(owner=owner.c.key))


def _same(one: Any, other: Any) -> ColumnElement[bool]:
    return and_(one.table.c.workspace_id == other.table.c.workspace_id, one == other)


SURVEYS = Plan(
    records.SURVEYS,
    survey,
    ("key",),
    (
        same("key", "survey"),
        only_new("token", lambda _: cast(func.gen_random_uuid(), Text)),
        named("account_id", "account"),
        named("contact_id", "contact"),
        named("interaction_id", "interaction"),
        Fill(
            "owner_at_send",
            lambda row: func.coalesce(row.id("owner"), row.of["interaction"].c.owner_id),
            ("owner", "interaction"),
        ),
        same("instrument"),
        *(same(name) for name in ("posted_at", "expires_at", "state")),
        recorded("posted_at"),
        Fill("locale", lambda row: func.coalesce(row.c.language, ""), ("language",)),
        Fill("wording_version", lambda row: func.coalesce(row.c.wording, ""), ("wording",)),
    ),
    checks=(
        CONTACT_OF_ACCOUNT,
        INTERACTION_OF_ACCOUNT,
        Check("interaction", lambda stage: shared(stage, "interaction", "instrument"), _said_asked),
        Check("interaction", _asked_already, _said_asked),
    ),
    ready=(_keep_owner,),
)


def _from_survey(stage: Stage) -> None:
    """What a reply leaves out is its survey's."""
    about = (
        select(
            survey.c.key, account.c.key.label("account"), survey.c.instrument, interaction.c.key.label("interaction")
        )
        .select_from(
            survey.join(account, _same(account.c.account_id, survey.c.account_id)).outerjoin(
                interaction, _same(interaction.c.interaction_id, survey.c.interaction_id)
            )
        )
        .where(stage.tx.mine(survey))
        .cte("about")
    )
    columns = ("account", "instrument", "interaction")
    values = {name: func.coalesce(stage.c[name], about.c[name]) for name in columns}
    gaps = or_(*(stage.c[name].is_(None) for name in columns))
    stage.tx.run(update(stage.table).where(about.c.key == stage.c.survey, gaps).values(values))


def _survey_says(stage: Stage, column: str) -> ColumnElement[bool]:
    about = survey.join(account, _same(account.c.account_id, survey.c.account_id))
    stored: Any = {"account": account.c.key, "instrument": survey.c.instrument}[column]
    found = select(literal(1)).select_from(about).where(stage.tx.mine(survey), survey.c.key == stage.c.survey)
    return found.where(stored != stage.c[column]).exists()


def _out_of_scale(stage: Stage) -> ColumnElement[bool]:
    scales = {str(one): stage.c.score.between(one.scale.start, one.scale.stop - 1) for one in Instrument}
    return ~case(scales, value=stage.c.instrument, else_=literal(False))


REPLIES = Plan(
    records.REPLIES,
    reply,
    (),
    (),
    before=(keep_survey, _from_survey),
    checks=(
        Check("account", lambda stage: stage.c.account.is_(None), lambda _: said("needed where there is no survey")),
        Check("account", lambda stage: _survey_says(stage, "account"),
              lambda stage: said("the survey “", stage.c.survey, "” was about another account")),
        Check("instrument", lambda stage: _survey_says(stage, "instrument"),
              lambda stage: said("the survey “", stage.c.survey, "” asked another question than ", stage.c.instrument)),
        Check("score", _out_of_scale,
              lambda stage: said("“", stage.c.score, "” is outside the scale of ", stage.c.instrument)),
        CONTACT_OF_ACCOUNT,
        INTERACTION_OF_ACCOUNT,
    ),
)  # fmt: skip
"""Checked like all others; `replies.merge` folds them, because several rows may be one answer and its edits."""
