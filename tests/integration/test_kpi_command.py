"""`kpibot kpi` as people and programs call it."""

from pathlib import Path

import pytest

from kpi.metrics.catalog import CATALOG
from kpi.store.store import Store
from tests.asking import AS_OF, LAST, Told, at_home, small_portfolio
from tests.builders import Portfolio


@pytest.fixture
def portfolio(store: Store, migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Portfolio:
    at_home(migrated_url, tmp_path, monkeypatch)
    return small_portfolio(store)


def test_one_kpi_is_a_sentence_and_its_evidence(portfolio: Portfolio) -> None:
    told = Told("csat", *LAST, *AS_OF)
    assert told.out.startswith("Client satisfaction 43.8% in the last 90 days (indicative: n = 16); nothing to")
    for words in (
        "16 answers",
        "Wilson's score interval",
        "Target",
        "Indicative: too little data",
        "Oct 5, 2026, 14:00 CEST",
    ):
        assert words in told.out
    assert (told.status, told.said) == (0, "")


def test_several_kpis_have_a_line_each_and_as_json_a_list(portfolio: Portfolio) -> None:
    told = Told("csat", "nps", "lost clients", *AS_OF)
    assert all(label in told.out for label in ("KPI", "Client", "satisfaction", "Net promoter", "churn"))
    documents = Told("csat", "nps", "churn", "--json", *AS_OF).document
    assert [document["key"] for document in documents] == ["csat", "nps", "churn"]
    assert isinstance(Told("csat", "--json", *AS_OF).document, dict)


def test_one_unknown_kpi_among_several_prints_nothing_but_one_line(portfolio: Portfolio) -> None:
    told = Told("csat", "npss", "churn", *AS_OF)
    assert (told.out, told.status) == ("", 1)
    assert told.said.startswith("“npss” is not a KPI I know. Did you mean nps")
    assert len(told.said.splitlines()) == 1


def test_a_kpi_by_owner_names_the_worst_first(portfolio: Portfolio) -> None:
    told = Told("csat", "--by", "account", *LAST, *AS_OF)
    title, _, *rows = told.out.splitlines()
    assert title == "Client satisfaction by account in the last 90 days, the worst first"
    assert [row.split()[0] for row in rows if row[1:2].strip()] == ["Globex", "Acme", "Initech", "Umbra"]
    assert "Only 1 answer" in " ".join(told.out.split())
    document = Told("csat", "--by", "owner", "--json", *AS_OF).document
    assert list(document) == ["key", "scope", "by", "values"]
    assert [value["scope"]["name"] for value in document["values"]] == ["Anna Arendt", None]


def test_a_trend_has_a_line_a_period_with_a_bar_and_what_it_says(portfolio: Portfolio) -> None:
    told = Told("csat", "--trend", "3", *AS_OF)
    assert "September 2026  43.8%" in told.out
    assert "██████████" in told.out
    assert told.out.splitlines()[-1].startswith("Too few periods with a value")
    document = Told("csat", "--trend", "3", "--json", *AS_OF).document
    assert (document["trend"], document["signals"]["standing"]) == (3, "no chart")


def test_an_explanation_shows_who_is_behind_a_value(portfolio: Portfolio) -> None:
    told = Told("churn", "--explain", "--period", "2026", *AS_OF)
    assert "Lost: 1\nInitech" in told.out
    assert "Newest terms" in told.out
    assert Told("churn", "--explain", "--json", *AS_OF).document["explain"]["lists"][0]["name"] == "lost"


def test_a_name_with_a_slip_is_taken_for_the_nearest_and_that_is_said_beside_the_answer(portfolio: Portfolio) -> None:
    told = Told("csat", "--account", "Akme GmbH", "--json", *AS_OF)
    assert told.document["scope"] == {"kind": "account", "name": "Acme GmbH"}
    assert told.said == "Akme GmbH read as Acme GmbH\n"
    assert "100% for Acme GmbH" in Told("csat", "--account", "acme", *AS_OF).out
    assert Told("csat", "--account", "Acme GmbH", *AS_OF).said == ""


def test_a_change_is_looked_at_with_and_without_a_kpi(portfolio: Portfolio) -> None:
    told = Told("csat", "--impact", "new portal", "2026-08-20", "--json")
    assert (told.document["what"], told.document["changed_on"]) == ("new portal", "2026-08-20")
    assert "new portal" in Told("--impact", "new portal", "2026-08-20").out


def test_the_list_is_there_for_people_and_for_programs(portfolio: Portfolio) -> None:
    for words in ("communication_frequency", "How satisfied are", "per 30 days"):
        assert words in Told("list").out
    (first, *others) = Told("list", "--json").document["kpis"]
    assert (first["key"], first["unit"], first["better"], first["status"]) == ("csat", "percent", "up", "active")
    assert len(others) == len(CATALOG) - 1


def test_a_deprecated_kpi_is_answered_and_says_so_and_a_draft_is_not(portfolio: Portfolio) -> None:
    Path("config/kpis.yaml").write_text("csat: {status: deprecated}\nnps: {status: draft}\n", encoding="utf-8")
    assert "This KPI is deprecated" in Told("csat", *AS_OF).out
    assert Told("nps").status == 1
    listed = {each["key"]: each["status"] for each in Told("list", "--json").document["kpis"]}
    assert (listed["csat"], "nps" in listed) == ("deprecated", False)
