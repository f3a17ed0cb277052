"""Who looks after whom, from now on."""

from sqlalchemy import select, update

from kpi.store.store import Tx
from kpi.store.tables import account, alert, feedback, owner, reply, survey


def keep_answers(tx: Tx, account_id: int, owner_id: int | None) -> None:
    """What was asked and answered so far and named nobody is this owner's, whoever comes next."""
    if owner_id is None:
        return
    asked = (tx.mine(survey), survey.c.account_id == account_id, survey.c.owner_at_send.is_(None))
    tx.run(update(survey).where(*asked, survey.c.posted_at.is_not(None)).values(owner_at_send=owner_id))
    answered = (tx.mine(reply), reply.c.account_id == account_id, reply.c.owner_id.is_(None))
    tx.run(update(reply).where(*answered).values(owner_id=owner_id))


def key(tx: Tx, owner_id: int | None) -> str | None:
    """An owner's key."""
    found: str | None = tx.value(select(owner.c.key).where(tx.mine(owner), owner.c.owner_id == owner_id))
    return found


def accounts_of(tx: Tx, key: str) -> list[int]:
    """The accounts the owner of this key looks after."""
    theirs = select(account.c.account_id).join(owner, owner.c.owner_id == account.c.owner_id)
    query = theirs.where(tx.mine(account), tx.mine(owner), owner.c.key == key).order_by(account.c.account_id)
    return [row["account_id"] for row in tx.rows(query)]


def assign(tx: Tx, account_id: int, owner_id: int | None) -> None:
    """An account has this owner."""
    tx.run(update(account).where(tx.mine(account), account.c.account_id == account_id).values(owner_id=owner_id))


def take_over_open(tx: Tx, gone: int, into: int) -> dict[str, int]:
    """Feedback one saw to that is open, and alerts, are the other's; how many of what."""
    seen_to = (tx.mine(feedback), feedback.c.owner_id == gone)
    open_feedback = (feedback.c.implemented_at.is_(None), feedback.c.declined_at.is_(None))
    open_alerts = (tx.mine(alert), alert.c.owner_id == gone, alert.c.state != "closed")
    return {
        "pieces of feedback": tx.run(update(feedback).where(*seen_to, *open_feedback).values(owner_id=into)),
        "alerts": tx.run(update(alert).where(*open_alerts).values(owner_id=into)),
    }


def take_over_people(tx: Tx, gone: int, into: int, above: int | None) -> int:
    """Those one manages report to the other, who reports to `above`, if they did to the one; how many."""
    managed = (tx.mine(owner), owner.c.manager_id == gone)
    themselves = tx.run(update(owner).where(*managed, owner.c.owner_id == into).values(manager_id=above))
    return themselves + tx.run(update(owner).where(*managed).values(manager_id=into))
