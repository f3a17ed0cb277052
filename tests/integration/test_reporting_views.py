"""What the views show: keys and names, days of the workspace's zone, amounts people read, and nobody's secrets."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from babel.numbers import list_currencies

from kpi.records.money import exponent
from kpi.store import tables
from kpi.store.interactions import MEETINGS
from kpi.store.store import Store
from tests.analyst import VIEWS, Analyst, analyst
from tests.builders import Portfolio, at
from tests.press import Press

EVENING = datetime(2026, 9, 30, 23, 30, tzinfo=UTC)
"""1 October in Berlin."""
SECRET = "U0SECRET"


@pytest.fixture
def portfolio(store: Store) -> Portfolio:
    store.count_by("Europe/Berlin", "EUR")
    return Portfolio(store)


@pytest.fixture
def reader(portfolio: Portfolio) -> Iterator[Analyst]:
    with analyst(portfolio.store) as found:
        yield found


def test_every_view_and_every_column_says_what_it_is(reader: Analyst) -> None:
    columns = reader.read(VIEWS)
    assert len({row["view"] for row in columns}) == 18
    assert [(row["view"], row["column"]) for row in columns if not (row["about"] and row["holds"])] == []
    sentences = {text for row in columns for text in (row["about"], row["holds"])}
    assert [text for text in sentences if not (text[0].isupper() or text[0].islower() or text[0].isdigit())] == []
    assert [text for text in sentences if not text.endswith(".")] == []


def test_names_of_columns_tell_days_from_instants_and_yes_from_no(reader: Analyst) -> None:
    columns = {(row["column"], row["type"]) for row in reader.read(VIEWS)}
    days = {name for name, kind in columns if kind == "date"}
    assert {name for name in days if not name.endswith("_on")} == {"day", "today"}
    instants = {name for name, kind in columns if kind == "timestamp with time zone"}
    assert {name for name in instants if not name.endswith("_at")} == {"as_of"}
    assert {name.split("_")[0] for name, kind in columns if kind == "boolean"} == {"is", "has"}
    assert [name for name, _ in columns if name.endswith("_id")] == []


def with_secrets(portfolio: Portfolio) -> None:
    """Everything the views must not show, written wherever it can stand."""
    row, now = portfolio.row, at("2026-09-01")
    anna = row(tables.owner, key="anna", name="Anna", email=SECRET, slack_user_id=SECRET)["owner_id"]
    acme = portfolio.account("Acme", owner_id=anna, channel_id=SECRET)
    named = {"account_id": acme, "name": SECRET, "email": SECRET, "slack_user_id": SECRET, "slack_team_id": SECRET}
    met = row(tables.contact, key=f"slack:{acme}:T0SECRET:{SECRET}", **named)["contact_id"]
    logged = {"logged_by": SECRET, "note": SECRET, "channel_id": SECRET, "thread_ts": SECRET, "source": "slack"}
    times = {"occurred_at": now, "recorded_at": now}
    meeting = row(
        tables.interaction, account_id=acme, contact_id=met, kind="meeting", external_id="V1", **logged, **times
    )
    sent = {"channel_id": SECRET, "thread_ts": SECRET, "message_ts": SECRET, "decided_by": SECRET, "posted_at": now}
    about = {"contact_id": met, "interaction_id": meeting["interaction_id"]}
    survey = portfolio.survey(acme, "posted", **{**sent, **about, "token": SECRET})
    portfolio.reply(acme, 2, now, survey_id=survey, respondent=SECRET, comment=SECRET)
    row(tables.feedback, account_id=acme, key="wish", contact_id=met, text="faster", received_at=now)
    row(tables.target, kpi_key="csat", scope_kind="workspace", value=80, valid_from=now.date(), set_by=SECRET,
        recorded_at=now)  # fmt: skip


def test_no_address_no_slack_id_no_token_and_no_note_is_shown(portfolio: Portfolio, reader: Analyst) -> None:
    with_secrets(portfolio)
    for view in {row["view"] for row in reader.read(VIEWS)}:
        assert "SECRET" not in str(reader.everything(view)), view
    assert reader.one("SELECT contact FROM contacts").startswith("slack-")
    assert reader.one("SELECT contact FROM interactions") == reader.one("SELECT contact FROM contacts")


def test_an_answer_of_nobody_we_know_keeps_its_score_and_loses_what_could_name_them(
    portfolio: Portfolio, reader: Analyst
) -> None:
    with_secrets(portfolio)
    (answer,) = reader.read("SELECT * FROM answers")
    assert (answer["account"], answer["score"], answer["is_anonymous"], answer["has_comment"]) == (
        "key-acme",
        2,
        True,
        True,
    )
    assert {answer[name] for name in ("contact", "survey", "interaction", "comment")} == {None}


def test_a_known_contacts_comment_is_shown_with_its_survey(portfolio: Portfolio, reader: Analyst) -> None:
    acme = portfolio.account("Acme")
    carla = portfolio.contact(acme, "Carla")
    survey = portfolio.survey(acme, "answered", key="survey-1", contact_id=carla, posted_at=at("2026-09-01"))
    portfolio.reply(acme, 5, at("2026-09-02"), contact_id=carla, survey_id=survey, comment="Quick.")
    (answer,) = reader.read("SELECT contact, survey, comment, is_anonymous FROM answers")
    assert answer == {"contact": "carla", "survey": "survey-1", "comment": "Quick.", "is_anonymous": False}


def test_days_are_those_of_the_workspaces_zone(portfolio: Portfolio, reader: Analyst) -> None:
    acme = portfolio.account("Acme")
    portfolio.reply(acme, 5, EVENING)
    assert reader.one("SELECT answered_on FROM answers") == date(2026, 10, 1)
    portfolio.store.count_by("America/New_York", "USD")
    assert reader.one("SELECT answered_on FROM answers") == date(2026, 9, 30)
    assert reader.read("SELECT timezone, currency FROM workspace") == [
        {"timezone": "America/New_York", "currency": "USD"}
    ]


def test_amounts_are_in_major_units_whatever_the_currency(portfolio: Portfolio, reader: Analyst) -> None:
    acme = portfolio.account("Acme")
    currencies = sorted(list_currencies())
    with portfolio.store.transaction() as tx:
        for currency in currencies:
            money = {"account_id": acme, "kind": "recurring", "currency": currency, "amount_minor": 123_456}
            tx.insert(tables.revenue, {**money, "starts_on": date(2026, 1, 1)})
    found = {row["currency"]: row["amount"] for row in reader.read("SELECT currency, amount FROM revenue")}
    assert found == {currency: Decimal(123_456).scaleb(-exponent(currency)) for currency in currencies}
    assert (str(found["EUR"]), str(found["JPY"]), str(found["KWD"])) == ("1234.56", "123456", "123.456")


def test_an_account_tells_whether_and_since_when_it_is_a_client(portfolio: Portfolio, reader: Analyst) -> None:
    today = reader.one("SELECT today FROM workspace")
    day = timedelta(days=1)
    courses: dict[str, list[tuple[str, str | None]]] = {
        "stays": [("2024-01-01", None)],
        "back": [("2023-01-01", "2024-01-01"), ("2025-01-01", None)],
        "leaves tomorrow": [("2024-01-01", f"{today + day}")],
        "left today": [("2024-01-01", f"{today}")],
        "not yet": [(f"{today + day}", None)],
        "never": [],
    }
    for name, terms in courses.items():
        account = portfolio.account(name)
        for starts_on, ends_on in terms:
            portfolio.term(account, starts_on, ends_on)
    told = {row["account_name"]: tuple(row.values())[1:] for row in reader.read(
        "SELECT account_name, is_client, client_since_on, client_until_on FROM accounts")}  # fmt: skip
    assert told == {
        "stays": (True, date(2024, 1, 1), None),
        "back": (True, date(2023, 1, 1), None),
        "leaves tomorrow": (True, date(2024, 1, 1), today + day),
        "left today": (False, date(2024, 1, 1), today),
        "not yet": (False, today + day, None),
        "never": (False, None, None),
    }


def test_interactions_taken_back_are_not_shown_and_meetings_are_those_the_kpis_count(
    portfolio: Portfolio, reader: Analyst
) -> None:
    acme, now = portfolio.account("Acme"), at("2026-09-01")
    kinds = (*MEETINGS, "call", "delivery", "gone")
    for kind in kinds:
        times = {"occurred_at": now, "recorded_at": now, "withdrawn_at": now if kind == "gone" else None}
        logged: dict[str, Any] = {"logged_by": "import", "source": "csv", "external_id": kind}
        portfolio.row(tables.interaction, account_id=acme, kind=kind, **logged, **times)
    told = {row["kind"]: row["is_meeting"] for row in reader.read("SELECT kind, is_meeting FROM interactions")}
    assert told == {kind: kind in MEETINGS for kind in kinds[:-1]}


def test_published_values_carry_their_words_and_say_which_is_the_last(store: Store) -> None:
    press = Press(store)
    press.only_shipped("csat", "clv", "churn")
    press.answers("first", [5, 5, 5, 4, 1], "2026-09-15")
    press.publish()
    press.now.move(days=2)
    press.answers("late", [1, 1], "2026-09-16", recorded_at=press.now().isoformat())
    press.now.move(hours=1)
    press.publish()
    with analyst(store) as reader:
        september = reader.read(
            "SELECT label, unit, currency, scope, scope_name, period_kind, starts_on, ends_on,"
            " round(value::numeric, 1)::text AS value, n, numerator, denominator, status, revision, is_latest"
            " FROM kpi_values WHERE kpi = 'csat' AND period = '2026-09' ORDER BY revision"
        )
        money = reader.read("SELECT DISTINCT unit, currency FROM kpi_values WHERE kpi = 'clv'")
        store.count_by("Europe/Berlin", "USD")
        assert reader.read("SELECT DISTINCT currency FROM kpi_values WHERE kpi = 'clv'") == [{"currency": None}]
        defined = reader.read(
            "SELECT kpi, label, unit, definition_version, is_latest FROM kpi_definitions ORDER BY kpi"
        )
    words = {"label": press.policy.kpis["csat"].label, "unit": "percent", "currency": None, "period_kind": "month"}
    where = {"scope": "workspace", "scope_name": None, "starts_on": date(2026, 9, 1), "ends_on": date(2026, 10, 1)}
    same = {**words, **where, "status": "indicative"}
    assert september == [
        {**same, "value": "80.0", "n": 5, "numerator": 4, "denominator": 5, "revision": 0, "is_latest": False},
        {**same, "value": "57.1", "n": 7, "numerator": 4, "denominator": 7, "revision": 1, "is_latest": True},
    ]
    assert money == [{"unit": "money", "currency": "EUR"}]
    assert [(row["kpi"], row["unit"], row["definition_version"], row["is_latest"]) for row in defined] == [
        ("churn", "percent", press.policy.kpis["churn"].definition_version, True),
        ("clv", "money", press.policy.kpis["clv"].definition_version, True),
        ("csat", "percent", press.policy.kpis["csat"].definition_version, True),
    ]


@pytest.mark.parametrize(
    ("period", "kind"),
    [
        ("2026-09-01", "day"),
        ("2026-W36", "week"),
        ("2026-09", "month"),
        ("2026-Q3", "quarter"),
        ("FY2027-Q1", "quarter"),
        ("2026-H2", "half"),
        ("FY2027-H1", "half"),
        ("2026", "year"),
        ("FY2027", "year"),
        ("2025-10-01..2026-09-30", "rolling"),
    ],
)
def test_the_kind_of_a_period_is_read_from_its_key(
    portfolio: Portfolio, reader: Analyst, period: str, kind: str
) -> None:
    value = {"kpi_key": "csat", "scope_kind": "workspace", "definition_version": 1, "revision": 0, "status": "full"}
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2027, 1, 1), "as_of": EVENING, "published_at": EVENING}
    rest = {"n": 9, "accounts": 9, "details": {}, "exclusions": [], "document": "{}", "basis": {}}
    portfolio.row(tables.kpi_value, period_key=period, **value, **days, **rest)
    assert reader.one("SELECT period_kind FROM kpi_values") == kind


def test_targets_name_their_scope_and_which_word_of_a_day_was_the_last(portfolio: Portfolio, reader: Analyst) -> None:
    anna, acme = portfolio.owner("Anna"), portfolio.account("Acme", segment="retail")
    said = (("workspace", "", 80), ("owner", anna, 81), ("account", acme, 82), ("segment", "retail", 83))
    for hour, value in enumerate((1, 0)):
        for kind, scope_id, aim in said:
            portfolio.row(tables.target, kpi_key="csat", scope_kind=kind, scope_id=str(scope_id), value=aim - value,
                          valid_from=date(2026, 1, 1), set_by="cli", recorded_at=at("2026-01-01", hour))  # fmt: skip
    told = reader.read("SELECT scope, scope_name, value FROM targets WHERE is_latest ORDER BY value")
    assert [tuple(row.values()) for row in told] == [
        ("workspace", None, 80),
        ("owner", "Anna", 81),
        ("account", "Acme", 82),
        ("segment", "retail", 83),
    ]


@pytest.mark.parametrize(
    "question",
    [
        "SELECT count(*) FROM interactions WHERE occurred_at >= '2026-09-01' AND occurred_at < '2026-09-02'",
        "SELECT count(*) FROM messages_by_day WHERE day >= '2026-09-01' AND day < '2026-09-02'",
        "SELECT count(*) FROM waits WHERE opened_at >= '2026-09-01' AND opened_at < '2026-09-02'",
        "SELECT count(*) FROM surveys WHERE posted_at >= '2026-09-01' AND posted_at < '2026-09-02'",
        "SELECT count(*) FROM answers WHERE instrument = 'csat' AND answered_at >= '2026-09-01'"
        " AND answered_at < '2026-09-02'",
    ],
    ids=lambda question: question.split()[3],
)
def test_a_range_of_days_is_found_by_an_index(reader: Analyst, question: str) -> None:
    # Whether it pays is for the server to weigh with real rows; here it is asked to whenever it can.
    with reader.connection.transaction():
        reader.connection.execute("SET LOCAL enable_seqscan = off")
        plan = reader.connection.execute(f"EXPLAIN {question}".encode()).fetchall()
    found = "\n".join(row["QUERY PLAN"] for row in plan)
    column = question.partition(" >=")[0].rpartition(" ")[2]
    assert f"({column} >= '2026-09-01" in found.partition("Index Cond")[2], found
