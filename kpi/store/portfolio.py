"""What an account's form shows and changes: its row, terms, amounts and people, as they are stored."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Table, func, or_, select, update

from kpi.store.store import Record, Tx
from kpi.store.tables import account, account_alias, account_term, audit, contact, contact_alias, owner, revenue

CREATED = "account.create"
"""How audit calls the making of an account through a form; its `after` names the form."""


def find(tx: Tx, account_id: int) -> Record | None:
    """An account's own columns, with `owner_key` and `owner_name`."""
    same_owner = (owner.c.workspace_id == account.c.workspace_id) & (owner.c.owner_id == account.c.owner_id)
    named = (owner.c.key.label("owner_key"), owner.c.name.label("owner_name"))
    query = select(account, *named).join(owner, same_owner, isouter=True)
    return tx.row(query.where(tx.mine(account), account.c.account_id == account_id))


def namesake(tx: Tx, name: str, account_id: int | None) -> str | None:
    """The name of another account that is called so, in any case."""
    same = (func.lower(account.c.name) == name.lower(), account.c.account_id.is_distinct_from(account_id))
    found: str | None = tx.value(select(account.c.name).where(tx.mine(account), *same).limit(1))
    return found


def made_by(tx: Tx, form_id: str) -> int | None:
    """The account a form made before; its answer may not have arrived, and the form been sent again."""
    made = (audit.c.action == CREATED, audit.c.after["form"].astext == form_id)
    subject = tx.value(select(audit.c.subject).where(tx.mine(audit), *made).limit(1))
    return None if subject is None else int(subject.removeprefix("account:"))


def terms(tx: Tx, account_id: int) -> list[Record]:
    """An account's terms, the first one first."""
    query = select(account_term).where(tx.mine(account_term), account_term.c.account_id == account_id)
    return tx.rows(query.order_by(account_term.c.starts_on))


def move_term(tx: Tx, term_id: int, starts_on: date, ends_on: date | None) -> None:
    """Correct the days of a term."""
    days = {"starts_on": starts_on, "ends_on": ends_on}
    tx.run(update(account_term).where(tx.mine(account_term), account_term.c.term_id == term_id).values(**days))


def recurring(tx: Tx, account_id: int) -> list[Record]:
    """What an account pays every month, the first amount first."""
    kind = (revenue.c.account_id == account_id, revenue.c.kind == "recurring")
    return tx.rows(select(revenue).where(tx.mine(revenue), *kind).order_by(revenue.c.starts_on, revenue.c.revenue_id))


def contacts(tx: Tx, account_id: int) -> list[Record]:
    """An account's contacts, by name."""
    query = select(contact).where(tx.mine(contact), contact.c.account_id == account_id)
    return tx.rows(query.order_by(contact.c.name, contact.c.contact_id))


def owners(tx: Tx, search: str = "", limit: int = 1000) -> list[Record]:
    """Owners whose name contains `search`, by name."""
    query = select(owner).where(tx.mine(owner), owner.c.name.icontains(search, autoescape=True))
    return tx.rows(query.order_by(func.lower(owner.c.name), owner.c.owner_id).limit(limit))


def find_owner(tx: Tx, owner_id: int) -> Record | None:
    """The owner of this id."""
    return tx.row(select(owner).where(tx.mine(owner), owner.c.owner_id == owner_id))


def owner_of(tx: Tx, slack_user_id: str) -> Record | None:
    """The owner a Slack user is."""
    return tx.row(select(owner).where(tx.mine(owner), owner.c.slack_user_id == slack_user_id))


def keys(tx: Tx, entity: str, stem: str) -> set[str]:
    """The keys of owners or accounts (`entity`) that are `stem` or begin with it and a dash, merged ones among them."""
    found: set[str] = set()
    for table in _KEYED[entity]:
        like = or_(table.c.key == stem, table.c.key.startswith(f"{stem}-", autoescape=True))
        found |= {row["key"] for row in tx.rows(select(table.c.key).where(tx.mine(table), like))}
    return found


_KEYED: Mapping[str, tuple[Table, ...]] = {
    "owners": (owner,),
    "accounts": (account, account_alias),
    "contacts": (contact, contact_alias),
}
