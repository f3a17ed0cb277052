"""From what is stored of an account and a contact to the case the rules decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kpi.model import Account, Contact, Instrument
from kpi.periods import local_day
from kpi.policy import Policy
from kpi.policy.surveys import DIRECT, LINK, THREAD
from kpi.services.surveys import budget, moments, wordings
from kpi.services.surveys.budget import Ask
from kpi.services.surveys.rules import Case
from kpi.services.surveys.words import Ways
from kpi.store import accounts, asks
from kpi.store.store import Record, Tx


@dataclass(frozen=True, slots=True)
class About:
    """What a question follows: an interaction's kind and tags, or nothing in particular, on a day."""

    day: date
    kind: str | None = None
    tags: tuple[str, ...] = ()


def about_of(policy: Policy, interaction: Record) -> About:
    """What a question after an interaction follows."""
    return About(day_of(policy, interaction["occurred_at"]), interaction["kind"], tuple(interaction["tags"]))


def case_of(tx: Tx, policy: Policy, who: tuple[Account, Contact | None], about: About, ways: Ways) -> Case:
    """The case of a contact of an account, or of whoever reads its channel; its person is locked."""
    account, contact = who
    known = asks.about(tx, account.id, contact.id if contact else None, about.day)
    persons = frozenset(accounts.same_person(tx, contact.id)) if contact else frozenset()
    return case_from(policy, who, about, known, Reached(persons, ways))


@dataclass(frozen=True, slots=True)
class Reached:
    """The contacts that are the one person asked, and the ways to them."""

    persons: frozenset[int]
    ways: Ways


def case_from(
    policy: Policy, who: tuple[Account, Contact | None], about: About, known: Record, reached: Reached
) -> Case:
    """The case, from what was read of them (`known`: as `asks.about` has it)."""
    account, contact = who
    zone = known["person_timezone"] or known["timezone"]
    return Case(
        account_id=account.id,
        account=account.key,
        calendar=moments.of_client(policy.calendars, account.key, zone, policy.workspace.timezone),
        facts=facts(policy, who, about, known),
        persons=reached.persons,
        channel_id=account.channel_id,
        places=places(account, contact, reached.ways, is_connected=known.get("disconnected_at") is None),
        opted_out=contact is not None and contact.opted_out,
        asked_less=contact is not None and contact.asked_less,
        languages=frozenset(each for each in Instrument if wordings.choose(policy, each, account, contact)),
        renews_on=known["term_ends_on"],
    )


def facts(policy: Policy, who: tuple[Account, Contact | None], about: About, known: Record) -> dict[str, object]:
    """What conditions look at, by the names they have in the file."""
    account, contact = who
    started = known["term_starts_on"]
    return {
        "kind": about.kind,
        "tag": about.tags,
        **{name: known[name] for name in ("account", "segment", "plan", "owner", "contact")},
        "language": _with_base(
            (contact.language if contact else None) or account.language or policy.workspace.language
        ),
        "term_age": (about.day - started).days if started else None,
    }


def _with_base(language: str) -> tuple[str, str]:
    """A language, and the same without its country."""
    return language, language.split("-", maxsplit=1)[0]


def places(account: Account, contact: Contact | None, ways: Ways, *, is_connected: bool = True) -> tuple[str, ...]:
    """Where a question can reach them, the best first; a channel no client reads any more is no place."""
    reachable = {
        THREAD: bool(account.channel_id) and is_connected,
        DIRECT: contact is not None and bool(contact.slack_user_id),
        LINK: contact is not None and ways.has_links,
    }
    return tuple(place for place, is_open in reachable.items() if is_open)


def asks_of(rows: Iterable[Record], *, without: int | None = None) -> tuple[Ask, ...]:
    """Stored questions as the budget counts them, all but one."""
    return tuple(
        Ask(
            row["account_id"],
            frozenset() if row["contact_id"] is None else frozenset({row["contact_id"]}),
            Instrument(row["instrument"]),
            row["channel_id"],
            row["at"],
            row["is_planned"],
        )
        for row in rows
        if row["survey_id"] != without
    )


def day_of(policy: Policy, at: datetime) -> date:
    """The workspace's day of an instant."""
    return local_day(at, policy.workspace.timezone)


def asks_around(tx: Tx, policy: Policy, case: Case, now: datetime, without: int | None = None) -> tuple[Ask, ...]:
    """Everything the budget might hold against a question to these people about now, but for that survey itself."""
    span = budget.reach(policy.surveys.budget)
    rows = asks.near(tx, (case.account_id, case.persons, case.channel_id), (now - span, now + span), now)
    return asks_of(rows, without=without)
