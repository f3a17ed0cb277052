"""What was said without a name is told of in fives, wherever one looks, and never with anything that names somebody."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kpi.metrics.document import to_json
from kpi.model import Scope
from kpi.services.breakdowns import breakdown
from kpi.services.digest_content import comments
from kpi.services.explanations import explain
from kpi.services.exports import Exports, Manner
from kpi.services.intake import Mode
from kpi.services.questions import Question
from kpi.services.reports import Reports
from kpi.services.surveys import anonymous
from kpi.services.surveys.why_not import why_not
from kpi.services.trends import trend
from kpi.sources.csv_files import Folder
from kpi.store import anonymous as rows
from kpi.store import tables
from kpi.store.store import Store
from tests.analyst import Analyst, analyst
from tests.builders import Portfolio, at
from tests.fakes import FakeNow
from tests.press import shipped
from tests.sheets import intake

NOW, START = at("2026-10-05"), at("2026-09-01")
SAID = "the deploys wake us up"
"""What somebody wrote without a name."""
HOUR = timedelta(hours=1)


@dataclass
class Acme:
    """An account whose people answer an anonymous question, one an hour, the first with words."""

    portfolio: Portfolio
    account_id: int
    survey_id: int
    answered: int = 0

    def answer(self, scores: tuple[int, ...], **more: Any) -> None:
        more = {"owner_id": self.portfolio.rows(tables.owner)[0]["owner_id"], **more}
        for score in scores:
            when = START + self.answered * HOUR
            said: dict[str, Any] = {"score": score, "comment": None if self.answered else SAID, "answered_at": when}
            whose: dict[str, Any] = {
                "survey_id": self.survey_id,
                "respondent": f"anonymous:{self.answered:032}",
                **more,
            }
            number = self.portfolio.reply(self.account_id, **said, **whose)
            self.portfolio.row(tables.reply_edit, reply_id=number, revision=1, recorded_at=when, **said)
            self.answered += 1


@pytest.fixture
def acme(store: Store) -> Acme:
    store.count_by("Europe/Berlin", "EUR")
    portfolio = Portfolio(store)
    anna = portfolio.owner("Anna")
    account_id = portfolio.account("Acme", owner_id=anna, segment="smb")
    carla = portfolio.contact(account_id, "Carla")
    meeting = portfolio.row(
        tables.interaction, account_id=account_id, contact_id=carla, kind="meeting", occurred_at=START, source="slack",
        external_id="V1", logged_by="U0ANNA", recorded_at=START,
    )  # fmt: skip
    survey_id = portfolio.survey(
        account_id, "answered", posted_at=START, is_anonymous=True, salt="salt", key="asked",
        interaction_id=meeting["interaction_id"], owner_at_send=anna,
    )  # fmt: skip
    return Acme(portfolio, account_id, survey_id)


@pytest.fixture
def reader(acme: Acme) -> Iterator[Analyst]:
    with analyst(acme.portfolio.store) as found:
        yield found


def reports(acme: Acme) -> Reports:
    return Reports(acme.portfolio.store, shipped(), FakeNow(NOW))


def quoted(acme: Acme) -> list[tuple[str, int | None, str]]:
    with acme.portfolio.store.transaction() as tx:
        found = comments(tx, at("2026-08-01"), NOW, 10)
    return [(each.account, each.score, each.comment) for each in found]


def exported(acme: Acme, folder: Path) -> list[dict[str, str]]:
    Exports(acme.portfolio.store).write(folder, Manner(), lambda *_: None)
    with (folder / "replies.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_views_know_the_nameless_by_what_they_are_called_when_stored() -> None:
    assert anonymous.respondent({"salt": "x"}, "U1", b"").startswith(rows.RESPONDENT)


def test_a_digest_quotes_nameless_words_when_five_have_answered_and_without_their_score(acme: Acme) -> None:
    acme.answer((1, 5, 5, 5))
    assert quoted(acme) == []
    acme.answer((5,))
    assert quoted(acme) == [("Acme", None, SAID)]
    acme.portfolio.reply(acme.account_id, 2, NOW - HOUR, comment="Signed.")
    assert quoted(acme) == [("Acme", 2, "Signed."), ("Acme", None, SAID)]


def test_a_digest_dates_nameless_words_by_the_fifth_answer_not_by_their_own_instant(acme: Acme) -> None:
    acme.answer((1, 5, 5, 5, 5))
    with acme.portfolio.store.transaction() as tx:
        (found,) = comments(tx, START + 4 * HOUR, NOW, 10)
        assert found.written_at == START + 4 * HOUR
        assert comments(tx, START, START + 4 * HOUR, 10) == ()


def test_an_export_has_nameless_answers_in_fives_with_nothing_that_leads_to_anybody(acme: Acme, tmp_path: Path) -> None:
    acme.answer((1, 5, 5, 5))
    assert exported(acme, tmp_path / "four") == []
    acme.answer((4, 2))
    found = exported(acme, tmp_path / "six")
    assert sorted(row["score"] for row in found) == ["1", "4", "5", "5", "5"]
    assert {row["answered_at"] for row in found} == {row["recorded_at"] for row in found} == {"2026-09-01T16:00:00Z"}
    assert {row[name] for row in found for name in ("survey", "contact", "interaction")} == {""}
    assert {(row["account"], row["owner"]) for row in found} == {("key-acme", "anna")}
    assert [row["comment"] for row in found if row["comment"]] == [SAID]
    assert "anonymous:" not in str(found)


def test_an_export_has_the_last_words_alone_of_a_nameless_answer_that_was_changed(acme: Acme, tmp_path: Path) -> None:
    acme.answer((1, 5, 5, 5, 5))
    (first, *_) = acme.portfolio.rows(tables.reply)
    acme.portfolio.row(tables.reply_edit, reply_id=first["reply_id"], revision=2, score=3, answered_at=NOW,
                       recorded_at=NOW)  # fmt: skip
    found = exported(acme, tmp_path / "out")
    assert sorted(row["score"] for row in found) == ["3", "5", "5", "5", "5"]
    assert {row["answered_at"] for row in found} == {"2026-09-01T16:00:00Z"}


def test_an_export_that_comes_back_changes_no_anonymous_answer(acme: Acme, tmp_path: Path) -> None:
    acme.answer((1, 5, 5, 5, 5, 3))
    before = [acme.portfolio.rows(table) for table in (tables.reply, tables.reply_edit)]
    assert len(exported(acme, tmp_path / "out")) == 5
    taken = intake(acme.portfolio.store).take(Folder(tmp_path / "out").sheets(), Mode())
    assert {(one.new, one.changed, one.rejected) for one in taken} == {(0, 0, 0)}
    assert [acme.portfolio.rows(table) for table in (tables.reply, tables.reply_edit)] == before


def test_the_exports_of_others_answers_are_as_they_were(acme: Acme, tmp_path: Path) -> None:
    globex = acme.portfolio.account("Globex")
    carla = acme.portfolio.contact(globex, "Gus")
    number = acme.portfolio.reply(globex, 3, START, contact_id=carla)
    acme.portfolio.edited(number, [(2, START), (3, START + HOUR)])
    acme.answer((1,))
    assert [(row["contact"], row["score"]) for row in exported(acme, tmp_path / "out")] in (
        [("gus", "2"), ("gus", "3")],
        [("gus", "3"), ("gus", "2")],
    )


def test_the_analysts_view_tells_neither_account_nor_score_before_five_have_answered(
    acme: Acme, reader: Analyst
) -> None:
    acme.answer((1, 5, 5, 5))
    found = reader.everything("answers")
    assert len(found) == 4
    assert {row["is_anonymous"] for row in found} == {True}
    kept = {"is_anonymous", "instrument", "answered_at", "answered_on"}
    assert {name for row in found for name, value in row.items() if value is not None} == kept


def test_the_analysts_view_tells_fives_at_the_instant_of_the_fifth_lowest_score_first(
    acme: Acme, reader: Analyst
) -> None:
    acme.answer((5, 5, 1, 5, 5, 2))
    found = reader.everything("answers")
    told = [row for row in found if row["account"]]
    assert [row["score"] for row in told] == [1, 5, 5, 5, 5]
    assert {row["answered_at"] for row in told} == {START + 4 * HOUR}
    assert {(row["account"], row["owner"], row["segment"]) for row in told} == {("key-acme", "anna", "smb")}
    assert {row[name] for row in told for name in ("answer", "contact", "survey", "interaction", "comment")} == {None}
    assert sum(row["has_comment"] for row in told) == 1
    assert [row["score"] for row in found if row["account"] is None] == [None]
    assert SAID not in str(found)


def test_an_answer_to_an_anonymous_survey_is_anonymous_whatever_else_it_says(acme: Acme, reader: Analyst) -> None:
    carla = acme.portfolio.rows(tables.contact)[0]["contact_id"]
    acme.portfolio.reply(acme.account_id, 1, START, survey_id=acme.survey_id, contact_id=carla, comment=SAID)
    (found,) = reader.everything("answers")
    assert (found["is_anonymous"], found["contact"], found["score"], found["account"]) == (True, None, None, None)
    assert quoted(acme) == []


def test_fives_are_of_one_account_one_instrument_and_one_owner(acme: Acme, reader: Analyst, tmp_path: Path) -> None:
    ben = acme.portfolio.owner("Ben")
    acme.answer((1, 2, 3))
    acme.answer((4, 5), owner_id=ben)
    acme.answer((9, 10), instrument="nps")
    assert {row["score"] for row in reader.everything("answers")} == {None}
    assert exported(acme, tmp_path / "out") == []
    assert quoted(acme) == []


def test_a_kpi_of_four_nameless_answers_is_withheld_alone_in_breakdowns_trends_and_explanations(acme: Acme) -> None:
    acme.answer((1, 2, 4, 5))
    acme.portfolio.answers([5] * 6, "2026-09-02")
    asked, of_acme = reports(acme), Scope("account", "Acme")
    value = to_json(asked.answer(Question("csat", "2026-09", of_acme)))
    hidden = ("value", "numerator", "denominator", "interval", "change")
    assert ({value[name] for name in hidden}, value["details"], value["status"]) == ({None}, {}, "insufficient")
    by_account = breakdown(asked, Question("csat", "2026-09"), "account")
    assert {each.value for each in by_account.values} == {None}
    by_owner = {each.scope.name: each.value for each in breakdown(asked, Question("csat", "2026-09"), "owner").values}
    assert by_owner["Anna"] is None
    months = trend(asked, Question("csat", "2026-09", of_acme), 6)
    assert "insufficient" in json.dumps(months.document())
    assert {each["value"] for each in months.document()["values"]} == {None}
    assert explain(asked, Question("csat", "2026-09", of_acme)).lists == ()
    whole = explain(asked, Question("csat", "2026-09"))
    assert [(name, figures[0]) for name, figures in whole.lists[0].rows] == [("7 accounts together", 10)]


def test_why_not_counts_nameless_answers_and_names_nobody(acme: Acme) -> None:
    acme.answer((1, 5))
    acme.portfolio.survey(acme.account_id, "expired", posted_at=START, is_anonymous=True, recorded_at=START)
    with acme.portfolio.store.transaction() as tx:
        found = why_not(tx, acme.account_id, "Acme", NOW)
    assert [each.contact for each in found.skipped] == [None]
    assert SAID not in str(found)
    assert "anonymous:" not in str(found)
