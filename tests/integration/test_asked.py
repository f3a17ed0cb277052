"""The list of questions: who asked what and what came of it, without a word of what they typed."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from bot.cli import cli
from bot.clock import utc_now
from bot.jobs import keep_house
from kpi.errors import KpiError, UnknownWord
from kpi.model import Actor, Scope
from kpi.policy import AskPolicy
from kpi.services.asked import Understood, listed
from kpi.store import asked, tables
from kpi.store.store import Store
from tests.askers import ANNA, CARLA, HEADS, HELEN, NORA, Askers, Statements
from tests.asking import at_home
from tests.builders import at

CSAT = Understood("answer", "csat", Scope("segment", "large", "large"), "2026-Q3")


@pytest.fixture
def askers(store: Store) -> Askers:
    return Askers(store)


def ask(askers: Askers, who: Actor, what: Understood | None = CSAT, fault: Exception | None = None) -> None:
    with askers.answers.asking(who, "C0TEAM") as admission:
        admission.entry.understood = what
        if fault:
            raise fault


def test_what_was_answered_stands_with_the_rule_that_let_them(askers: Askers) -> None:
    ask(askers, HELEN)
    (row,) = askers.asked()
    known = {"at": askers.now(), "slack_user_id": "U0HELEN", "verb": "answer", "kpi_key": "csat", "period": "2026-Q3"}
    about = {"scope_kind": "segment", "scope_id": "large", "shared_to": None}
    assert {name: row[name] for name in (*known, *about)} == known | about
    assert (row["outcome"], row["reason"]) == ("answered", f"group {HEADS}")


@pytest.mark.parametrize(
    ("who", "reason"),
    [(CARLA, "not a member"), (NORA, "owns none"), (Actor("U0WHO", "T0HOME00"), "nobody can say")],
    ids=["client", "owns none", "unknown"],
)
def test_a_refusal_stands_with_its_reason(askers: Askers, who: Actor, reason: str) -> None:
    with pytest.raises(KpiError):
        ask(askers, who)
    (row,) = askers.asked()
    assert (row["slack_user_id"], row["outcome"], row["reason"]) == (who.user_id, "refused", reason)
    assert (row["verb"], row["kpi_key"], row["scope_kind"]) == (None, None, None)


def test_what_could_not_be_answered_stands_without_the_words_that_were_typed(askers: Askers) -> None:
    for fault in (
        UnknownWord("“private words” is no account"),
        KpiError("“private words” is no day"),
        ZeroDivisionError(),
    ):
        with pytest.raises(type(fault)):
            ask(askers, ANNA, None, fault)
    assert [(row["outcome"], row["reason"]) for row in askers.asked()] == [
        ("not answered", "UnknownWord"),
        ("not answered", "KpiError"),
        ("failed", ""),
    ]
    assert "private" not in str(askers.asked())


def test_a_share_stands_with_its_channel(askers: Askers) -> None:
    ask(askers, ANNA, Understood("share", "csat", Scope(), "2026-Q3", "C0LEADS"))
    (row,) = askers.asked()
    assert (row["verb"], row["shared_to"], row["scope_kind"], row["scope_id"]) == ("share", "C0LEADS", "workspace", "")


def test_writing_it_down_is_one_statement_that_does_not_wait_for_the_disk_and_leaves_the_next_one_waiting(
    askers: Askers,
) -> None:
    askers.ask = AskPolicy()
    ask(askers, ANNA)
    with Statements(askers.store) as said:
        ask(askers, ANNA)
    assert [word for word in said if word != "BEGIN"] == ["SELECT", "WITH"]
    waits = select(func.current_setting("synchronous_commit"))
    with askers.store.transaction() as tx:
        assert tx.value(waits) == "on"
        asked.note(tx, {"at": askers.now(), "slack_user_id": "U0ANNA", "outcome": "answered", "reason": ""})
        assert tx.value(waits) == "off"
    with askers.store.transaction() as tx:
        assert tx.value(waits) == "on"


def test_no_question_is_answered_that_cannot_be_written_down(askers: Askers) -> None:
    askers.admit(ANNA)
    with askers.store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE asked RENAME TO gone"))
    with pytest.raises(ProgrammingError):
        ask(askers, ANNA)


def test_the_list_names_people_and_scopes_as_they_are_called_now_the_newest_first(askers: Askers) -> None:
    acme = askers.portfolio.rows(tables.account)[0]["account_id"]
    ask(askers, HELEN, Understood("answer", "churn", Scope("account", "as it was", acme), "2026-08"))
    askers.now.move(days=1)
    ask(askers, ANNA, Understood("list"))
    newest, oldest = listed(askers.store, at("2026-01-01"))
    assert (newest["name"], newest["verb"], newest["scope"]) == ("U0Anna", "list", None)
    assert (oldest["name"], oldest["scope"]) == ("U0Helen", Scope("account", "Acme GmbH", acme))
    assert [row["name"] for row in listed(askers.store, askers.now())] == ["U0Anna"]
    assert [row["name"] for row in listed(askers.store, at("2026-01-01"), "U0HELEN")] == ["U0Helen"]


def test_questions_are_forgotten_after_400_days_and_groups_nobody_asks_about_after_one(askers: Askers) -> None:
    ask(askers, HELEN)
    askers.now.move(days=400)
    ask(askers, HELEN)
    keep_house.run(askers.store, askers.now)
    assert len(askers.asked()) == 2
    askers.now.move(seconds=1)
    keep_house.run(askers.store, askers.now)
    assert len(askers.asked()) == 1
    assert len(askers.portfolio.rows(tables.user_group)) == 1
    askers.now.move(days=1)
    keep_house.run(askers.store, askers.now)
    assert askers.portfolio.rows(tables.user_group) == []


def call(*words: str) -> str:
    ended = CliRunner().invoke(cli, ["audit", *words], env={"COLUMNS": "160"})
    if isinstance(ended.exception, KpiError):
        return str(ended.exception)
    assert ended.exception is None, ended.exception
    return ended.output.strip()


@pytest.fixture
def home(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_home(migrated_url, tmp_path, monkeypatch)


@pytest.mark.usefixtures("home")
def test_the_command_lists_the_last_week_and_more_on_demand(askers: Askers) -> None:
    assert call() == "Nobody asked."
    askers.now.at = utc_now()
    ask(askers, HELEN)
    with pytest.raises(KpiError):
        ask(askers, CARLA)
    askers.now.move(days=-30)
    ask(askers, ANNA, Understood("trend", "nps", Scope(), "2026-10"))
    assert " ".join(call().splitlines()[0].split()) == "When Who What KPI For Period Came of it"
    refused, answered = json.loads(call("--json"))
    assert (refused["outcome"], refused["reason"]) == ("refused", "not a member")
    assert (answered["name"], answered["scope"]["name"], answered["period"]) == ("U0Helen", "large", "2026-Q3")
    assert (answered["outcome"], answered["reason"]) == ("answered", f"group {HEADS}")
    assert len(json.loads(call("--since", f"{askers.now():%Y-%m-%d}", "--json"))) == 3
    assert len(json.loads(call("--since", "2020-01-01", "--who", "U0ANNA", "--json"))) == 1
    assert call("--since", "yesterday") == '--since: "yesterday" is not a day; write it like 2026-10-01.'


@pytest.mark.usefixtures("home")
def test_programs_get_one_document(askers: Askers) -> None:
    askers.now.at = utc_now()
    ask(askers, HELEN)
    (told,) = json.loads(call("--json"))
    expected: dict[str, Any] = {
        "user": "U0HELEN", "name": "U0Helen", "verb": "answer", "kpi": "csat", "period": "2026-Q3", "shared_to": None,
        "scope": {"kind": "segment", "name": "large"}, "outcome": "answered", "reason": f"group {HEADS}",
    }  # fmt: skip
    assert told.pop("at").startswith(f"{askers.now():%Y-%m-%d}")
    assert told == expected
