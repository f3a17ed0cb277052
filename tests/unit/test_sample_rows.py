"""Every row of a sample can be imported and agrees with the others."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kpi.records.catalog import ENTITIES
from kpi.records.entity import Entity
from kpi.records.reading import Reader
from kpi.records.rows import Rows
from tests.sampled import UNTIL, Row, Sampled, small

BERLIN = ZoneInfo("Europe/Berlin")
END = datetime.combine(UNTIL, time(), BERLIN)
DESIGN = {
    "owners": "owner, name, email, slack_user_id, manager",
    "accounts": "account, name, owner, segment, plan, language, timezone, currency, channel_id, observed_from",
    "terms": "account, starts_on, ends_on, notice_on, reason",
    "contacts": "contact, account, name, email, slack_user_id, slack_team_id, language",
    "interactions": "interaction, account, contact, kind, occurred_at, owner",
    "surveys": "survey, account, contact, interaction, instrument, posted_at, expires_at, state",
    "replies": "reply, survey, account, contact, interaction, instrument, score, comment, answered_at",
    "revenue": "account, starts_on, ends_on, amount, currency, kind",
    "offers": "offer, account, kind, amount, currency, offered_on, decided_on, outcome",
    "feedback": "feedback, account, contact, text, actionable, received_at, triaged_at, implemented_at, declined_at,"
    " decline_reason, client_told_at",
    "episodes": "episode, account, opened_at, first_response_at",
    "messages": "account, day, from_client, from_us",
    "usage": "account, day, metric, value",
}
HAPPENED = {
    "interactions": ("occurred_at",),
    "surveys": ("posted_at",),
    "replies": ("answered_at",),
    "episodes": ("opened_at", "first_response_at"),
    "feedback": ("received_at", "triaged_at", "implemented_at", "declined_at", "client_told_at"),
    "messages": ("day",),
    "usage": ("day",),
    "offers": ("offered_on", "decided_on"),
}


@pytest.fixture(scope="module")
def sample() -> Sampled:
    return small()


def local(text: str) -> date:
    """The day of a cell in the portfolio's zone."""
    return datetime.fromisoformat(text).astimezone(BERLIN).date() if "T" in text else date.fromisoformat(text)


def by_key(rows: Iterable[Row], column: str) -> dict[str, Row]:
    return {row[column]: row for row in rows}


@pytest.mark.parametrize("name", DESIGN)
def test_the_columns_are_those_of_the_import_in_their_order(sample: Sampled, name: str) -> None:
    assert sample.header(name) == DESIGN[name].replace(" ", "")


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_every_cell_and_every_row_is_one_the_import_takes(sample: Sampled, entity: Entity) -> None:
    rows = sample[entity.name]
    names = sample.header(entity.name).split(",")
    columns = [[row[name] for row in rows] for name in names]
    read = Reader(entity, names, BERLIN).read(Rows(range(2, len(rows) + 2), columns))
    assert list(read.flaws) == []
    assert set(entity.needed) <= set(names)
    known = [name for name in entity.key if name in names]
    assert len(by_key(({"key": str([row[name] for name in known])} for row in rows), "key")) == len(rows) > 0


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_whatever_a_row_names_is_there(sample: Sampled, entity: Entity) -> None:
    for column in entity.columns:
        if column.names and column.name in sample.header(entity.name).split(","):
            keys = {row[column.names.removesuffix("s")] for row in sample[column.names]} | {""}
            assert {row[column.name] for row in sample[entity.name]} <= keys


@pytest.mark.parametrize("name", [name for name in DESIGN if name not in {"owners", "accounts", "contacts"}])
def test_contacts_belong_to_the_account_they_act_for(sample: Sampled, name: str) -> None:
    home = {row["contact"]: row["account"] for row in sample["contacts"]}
    assert all(home[row["contact"]] == row["account"] for row in sample[name] if row.get("contact"))


@pytest.mark.parametrize("name", HAPPENED)
def test_things_happen_within_a_term_and_before_the_end_of_the_portfolio(sample: Sampled, name: str) -> None:
    since = sample.made.plan.since
    terms = sample.by_account("terms")
    for row in sample[name]:
        days = [local(row[column]) for column in HAPPENED[name] if row[column]]
        assert all(since <= day < UNTIL for day in days)
        spans = [(term["starts_on"], term["ends_on"] or "9999") for term in terms[row["account"]]]
        assert all(any(start <= day.isoformat() < end for start, end in spans) for day in days)


def test_terms_do_not_overlap_and_notice_comes_before_the_end(sample: Sampled) -> None:
    for rows in sample.by_account("terms").values():
        assert all(earlier["ends_on"] <= later["starts_on"] for earlier, later in pairwise(rows))
        assert all(row["ends_on"] for row in rows[:-1])
        assert all(row["starts_on"] < UNTIL.isoformat() for row in rows)
        assert all(row["starts_on"] < row["notice_on"] < row["ends_on"] for row in rows if row["notice_on"])
        assert all(bool(row["reason"]) == bool(row["notice_on"]) for row in rows)
        assert all(row["notice_on"] < UNTIL.isoformat() for row in rows)


def test_accounts_older_than_the_history_are_observed_from_its_first_day(sample: Sampled) -> None:
    since = sample.made.plan.since.isoformat()
    for row in sample["accounts"]:
        started = sample.by_account("terms")[row["account"]][0]["starts_on"]
        assert row["observed_from"] == (since if started < since else "")


def test_recurring_revenue_never_overlaps_and_ends_with_the_last_term(sample: Sampled) -> None:
    terms = sample.by_account("terms")
    for account, rows in sample.by_account("revenue").items():
        recurring = [row for row in rows if row["kind"] == "recurring"]
        pairs = list(pairwise(recurring))
        assert all("" < earlier["ends_on"] <= later["starts_on"] for earlier, later in pairs)
        assert recurring[-1]["ends_on"] == terms[account][-1]["ends_on"]
        assert {row["currency"] for row in rows} == {"EUR"}
        assert Counter((row["kind"], row["starts_on"]) for row in rows).most_common(1)[0][1] == 1


def test_a_survey_is_answered_exactly_when_it_has_a_reply_and_open_only_at_the_end(sample: Sampled) -> None:
    replies = Counter(row["survey"] for row in sample["replies"])
    states: Counter[str] = Counter()
    for row in sample["surveys"]:
        states[row["state"]] += 1
        assert replies[row["survey"]] == (row["state"] == "answered")
        if row["state"] != "answered":
            assert (datetime.fromisoformat(row["expires_at"]) > END) == (row["state"] == "posted")
    assert set(states) == {"posted", "answered", "expired"}


def test_an_interaction_is_asked_about_at_most_once(sample: Sampled) -> None:
    asked = Counter((row["interaction"], row["instrument"]) for row in sample["surveys"] if row["interaction"])
    assert max(asked.values()) == 1
    happened = by_key(sample["interactions"], "interaction")
    for row in sample["surveys"]:
        if row["interaction"]:
            interaction = happened[row["interaction"]]
            assert (row["account"], row["contact"]) == (interaction["account"], interaction["contact"])
            assert row["posted_at"] > interaction["occurred_at"]


def test_replies_agree_with_their_survey_and_come_while_it_is_open(sample: Sampled) -> None:
    surveys = by_key(sample["surveys"], "survey")
    for row in sample["replies"]:
        survey = surveys[row["survey"]]
        assert all(row[name] == survey[name] for name in ("account", "contact", "interaction", "instrument"))
        assert survey["posted_at"] < row["answered_at"] < survey["expires_at"]


def test_nobody_is_asked_about_interactions_twice_within_thirty_days(sample: Sampled) -> None:
    last: dict[str, datetime] = {}
    for row in sorted(sample["surveys"], key=lambda row: row["posted_at"]):
        posted = datetime.fromisoformat(row["posted_at"])
        if row["interaction"] and row["contact"] in last:
            assert posted - last[row["contact"]] > timedelta(days=29)
        last[row["contact"]] = posted


def test_feedback_goes_its_way_in_order(sample: Sampled) -> None:
    for row in sample["feedback"]:
        ended = row["implemented_at"] or row["declined_at"]
        steps = [step for step in (row["received_at"], row["triaged_at"], ended, row["client_told_at"]) if step]
        assert steps == sorted(steps)
        assert bool(row["decline_reason"]) == bool(row["declined_at"])
        assert not (ended and row["actionable"] != "true")
        assert bool(row["actionable"]) == bool(row["triaged_at"])


def test_messages_are_never_fewer_than_the_waits_they_opened(sample: Sampled) -> None:
    opened = Counter((row["account"], local(row["opened_at"]).isoformat()) for row in sample["episodes"])
    written = {(row["account"], row["day"]): int(row["from_client"]) for row in sample["messages"]}
    assert all(written[place] >= count for place, count in opened.items())


def test_everybody_in_slack_is_one_person_and_every_account_has_its_channel(sample: Sampled) -> None:
    people = [row["slack_user_id"] for name in ("owners", "contacts") for row in sample[name]]
    channels = [row["channel_id"] for row in sample["accounts"]]
    assert len(set(people)) == len(people)
    assert len(set(channels)) == len(channels)
    emails = [row["email"] for name in ("owners", "contacts") for row in sample[name]]
    assert len(set(emails)) == len(emails)


def test_about_one_owner_in_twelve_accounts_and_somebody_above_them(sample: Sampled) -> None:
    owners = by_key(sample["owners"], "owner")
    held = Counter(row["owner"] for row in sample["accounts"])
    assert set(held.values()) == {12}
    assert all(owners[owner]["manager"] for owner in held)
    assert any(not row["manager"] for row in owners.values())


def test_the_truth_tells_of_every_account_and_every_notice(sample: Sampled) -> None:
    told: dict[str, list[Row]] = sample.by_account("truth")
    assert set(told) == {row["account"] for row in sample["accounts"]}
    for row in sample["terms"]:
        notices: list[Any] = [(one["notice_on"], one["ends_on"], one["reason"]) for one in told[row["account"]]]
        assert not row["notice_on"] or (row["notice_on"], row["ends_on"], row["reason"]) in notices


def test_instants_are_written_in_utc(sample: Sampled) -> None:
    texts = [row[column] for name in ("surveys", "episodes") for row in sample[name] for column in HAPPENED[name]]
    assert all(text.endswith("Z") and datetime.fromisoformat(text).tzinfo == UTC for text in texts if text)
