"""What refers to a row, so that nobody removes it from under others."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, func, select, true

from kpi.store.store import Tx
from kpi.store.tables import (
    account,
    account_day,
    account_term,
    alert,
    contact,
    delivery,
    episode,
    feedback,
    held_answer,
    interaction,
    offer,
    owner,
    reply,
    revenue,
    survey,
    usage_day,
)

_OF_ACCOUNT = {
    "contracts": account_term,
    "contacts": contact,
    "amounts of revenue": revenue,
    "offers": offer,
    "days of messages": account_day,
    "days of usage": usage_day,
    "waits": episode,
    "interactions": interaction,
    "surveys": survey,
    "answers": reply,
    "pieces of feedback": feedback,
    "alerts": alert,
}
_OF_CONTACT = {"interactions": interaction, "surveys": survey, "answers": reply, "pieces of feedback": feedback}
_OF_OWNER = {
    "accounts": account.c.owner_id,
    "people they manage": owner.c.manager_id,
    "interactions": interaction.c.owner_id,
    "surveys": survey.c.owner_at_send,
    "answers": reply.c.owner_id,
    "pieces of feedback": feedback.c.owner_id,
    "alerts": alert.c.owner_id,
}
_REFERRING = {
    "accounts": {noun: table.c.account_id for noun, table in _OF_ACCOUNT.items()},
    "contacts": {noun: table.c.contact_id for noun, table in _OF_CONTACT.items()},
    "owners": _OF_OWNER,
    "surveys": {
        "answers": reply.c.survey_id,
        "answers to map": held_answer.c.survey_id,
        "messages": delivery.c.survey_id,
    },
    "interactions": {"surveys": survey.c.interaction_id, "answers": reply.c.interaction_id},
}
_ONLY: Mapping[str, ColumnElement[bool]] = {"days of messages": account_day.c.from_client.is_not(None)}
"""The days also hold counts of interactions and answers, which are told by themselves."""


def referring(tx: Tx, entity: str, row_id: int) -> Mapping[str, int]:
    """How many rows of what kind refer to this one; kinds of which there are none are left out."""
    found = {}
    for noun, column in _REFERRING[entity].items():
        theirs = (column.table.c.workspace_id == tx.workspace_id, column == row_id)
        count = tx.value(select(func.count()).where(*theirs, _ONLY.get(noun, true())))
        if count:
            found[noun] = int(count)
    return found
