"""Two contacts that are one person, and people who change sides."""

from datetime import datetime

from sqlalchemy import CTE, case, func, select, update

from kpi.store.corrections.conversation import answered_by, lock_surveys
from kpi.store.corrections.counting import Recount
from kpi.store.store import Record, Tx
from kpi.store.tables import contact, feedback, interaction, reply, reply_edit, survey

_FILLED = ("email", "slack_user_id", "slack_team_id", "language", "confirmed_at")


def twins(tx: Tx, gone: int, into: int) -> list[tuple[Record, Record]]:
    """Contacts of one account and of another that are the same Slack user: (the one's, the other's)."""
    mine = (tx.mine(contact), contact.c.account_id.in_((gone, into)), contact.c.slack_user_id.is_not(None))
    sides: dict[str, dict[int, Record]] = {}
    for row in tx.rows(select(contact).where(*mine).order_by(contact.c.contact_id).with_for_update()):
        sides.setdefault(row["slack_user_id"], {})[row["account_id"]] = row
    return [(both[gone], both[into]) for both in sides.values() if len(both) == 2]


def of_user(tx: Tx, account_id: int, slack_user_id: str | None) -> Record | None:
    """The contact a Slack user is at an account."""
    same = (contact.c.account_id == account_id, contact.c.slack_user_id == slack_user_id)
    return tx.row(select(contact).where(tx.mine(contact), *same))


def absorb(recount: Recount, gone: Record, into: Record) -> None:
    """All of one contact is the other's, whose fields win; it is forgotten when answers are folded."""
    tx = recount.tx
    lock_surveys(tx, answered_by(gone["contact_id"]))
    _join_answers(recount, gone["contact_id"], into["contact_id"])
    _change(tx, gone["contact_id"], {"slack_user_id": None})
    for table in (interaction, survey, feedback):
        theirs = (tx.mine(table), table.c.contact_id == gone["contact_id"])
        tx.run(update(table).where(*theirs).values(contact_id=into["contact_id"]))
    _change(tx, into["contact_id"], _together(gone, into))


def move(tx: Tx, contact_id: int, account_id: int, now: datetime) -> None:
    """From now on they belong to this account; what happened stays where it happened."""
    _change(tx, contact_id, {"account_id": account_id, "moved_at": now})


def places(tx: Tx, key: str) -> set[int]:
    """The accounts at which something names this person, their own among them."""
    found: set[int] = set()
    person = select(contact.c.contact_id).where(tx.mine(contact), contact.c.key == key).scalar_subquery()
    for table in (contact, interaction, survey, reply, feedback):
        query = select(table.c.account_id).where(tx.mine(table), table.c.contact_id == person).distinct()
        found.update(row["account_id"] for row in tx.rows(query))
    return found


def _change(tx: Tx, contact_id: int, values: Record) -> None:
    tx.run(update(contact).where(tx.mine(contact), contact.c.contact_id == contact_id).values(values))


def _together(gone: Record, into: Record) -> Record:
    """What is empty is filled; whoever asked once not to be asked is not asked; known since the earlier of both."""
    filled = {name: into[name] if into[name] is not None else gone[name] for name in _FILLED}
    declined = [row["opted_out_at"] for row in (gone, into) if row["opted_out_at"]]
    moved = [row["moved_at"] for row in (gone, into) if row["moved_at"]]
    recorded = [row["recorded_at"] for row in (gone, into)]
    return {
        **filled,
        "name": into["name"] or gone["name"],
        "opted_out_at": min(declined, default=None),
        "moved_at": max(moved, default=None),
        "recorded_at": None if None in recorded else min(recorded),
    }


def _join_answers(recount: Recount, gone: int, into: int) -> None:
    """Two answers to one survey become one with everything that was said; the others change hands."""
    tx = recount.tx
    both = _both(tx, gone, into)
    pairs = tx.rows(select(both))
    merged = [pair["gone"] for pair in pairs]
    recount.edited(select(reply.c.reply_id).where(reply.c.reply_id.in_([n for pair in pairs for n in pair.values()])))
    for pair in pairs:
        last = select(func.max(reply_edit.c.revision)).where(tx.mine(reply_edit), reply_edit.c.reply_id == pair["into"])
        said = (tx.mine(reply_edit), reply_edit.c.reply_id == pair["gone"])
        revision = reply_edit.c.revision + func.coalesce(last.scalar_subquery(), 0)
        tx.run(update(reply_edit).where(*said).values(reply_id=pair["into"], revision=revision))
    named = case(
        ((reply.c.respondent == _respondent(gone)) & reply.c.reply_id.not_in(merged), _respondent(into)),
        else_=reply.c.respondent,
    )
    theirs = (tx.mine(reply), reply.c.contact_id == gone)
    tx.run(update(reply).where(*theirs).values(contact_id=into, respondent=named))


def _both(tx: Tx, gone: int, into: int) -> CTE:
    other = reply.alias("other")
    same = (
        other.c.workspace_id == reply.c.workspace_id,
        other.c.survey_id == reply.c.survey_id,
        reply.c.respondent == _respondent(gone),
        other.c.respondent == _respondent(into),
    )
    return select(reply.c.reply_id.label("gone"), other.c.reply_id.label("into")).where(tx.mine(reply), *same).cte()


def _respondent(contact_id: int) -> str:
    return f"contact:{contact_id}"
