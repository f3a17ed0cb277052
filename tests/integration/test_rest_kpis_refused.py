"""What cannot be asked about KPIs over REST is one sentence with its status."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from kpi.metrics.catalog import CATALOG
from tests.kpi_programme import asked, reading
from tests.rest import Program, workspace_in

AS_OF = "2026-09-16T09:00:00Z"
KEYS = [kpi.key for kpi in CATALOG]


@pytest.fixture(scope="module")
def shared(shared_engine: Engine) -> Program:
    return reading(workspace_in(shared_engine))


def test_only_a_token_that_may_read_is_answered(shared: Program) -> None:
    writer = shared.tokens.create("crm only", ["write"])
    for path in ("kpis", "kpis/csat"):
        assert shared.send("GET", path, token="").status_code == 401
        assert shared.send("GET", path, token="kpibot_made_up").status_code == 401
        refused = shared.send("GET", path, token=writer)
        assert (refused.status_code, refused.json()) == (403, {"error": "The token “crm only” lacks the scope read."})


@pytest.mark.parametrize(
    ("key", "words", "status", "sentence"),
    [
        ("csta", {}, 404, "“csta” is not a KPI I know. Did you mean csat"),
        ("csat", {"account": "Akme"}, 404, "There is no account “Akme”. Did you mean Acme GmbH?"),
        ("csat", {"segment": "large"}, 404, "There is no segment “large”."),
        ("csat", {"period": "last quartr"}, 422, "“last quartr” is not a period I know. Did you mean last quarter"),
        ("csat", {"period": "2026-13"}, 422, "There is no month 13; months run from 01 to 12."),
        ("csat", {"period": "2027"}, 422, "The period 2027 has not begun yet: it starts on 1 January 2027."),
        ("clv", {"variant": "median"}, 422, "“median” is not a variant of clv: there are survival, formula, historic."),
        ("csat", {"as_of": "2026-09-01"}, 422, "as_of: “2026-09-01” lacks its offset from UTC"),
        ("csat", {"as_of": "2026-09-01T09:00 02:00"}, 422, "In an address + is written %2B."),
        ("csat", {"as_of": "2026-12-01T09:00Z"}, 422, "that is to come"),
        ("csat", {"as_of": "0001-01-01T00:00Z"}, 422, "The year 1 is out of reach"),
        ("csat", {"trend": "61"}, 422, "A trend has 1 to 60 periods, not 61."),
        ("csat", {"trend": "three"}, 422, "trend must be a whole number, not “three”."),
        ("csat", {"trend": "2", "by": "owner"}, 422, "Ask for one of by, trend and explain at a time."),
        ("csat", {"by": "mood"}, 422, "by segment, owner or account, not by “mood”."),
        ("csat", {"by": "account", "account": "acme"}, 422, "One account cannot be broken down by account."),
        ("csat", {"account": "acme", "owner": "anna"}, 422, "Give one of account, segment and owner."),
        ("csat", {"explain": "perhaps"}, 422, "explain: "),
        ("csat", {"perid": "2026"}, 422, "“perid” is not known here; there is period, account"),
        ("csat", {"account": " "}, 422, "account is empty; fill it in or leave it out."),
    ],
)
def test_what_cannot_be_answered_is_one_sentence_with_its_status(
    shared: Program, key: str, words: dict[str, str], status: int, sentence: str
) -> None:
    told = asked(shared, key, **words)
    assert list(told.json()) == ["error"]
    assert (told.status_code, sentence in told.json()["error"]) == (status, True), told.text


def test_a_parameter_comes_once(shared: Program) -> None:
    told = shared.send("GET", "kpis/csat?period=2026&period=2025")
    assert (told.status_code, told.json()["error"]) == (422, "period is in the address twice.")


values = st.text(max_size=12) | st.sampled_from(["acme", "2026-08", "last month", "3", "true", "owner", AS_OF])
addresses = st.dictionaries(
    st.sampled_from(["period", "account", "segment", "owner", "variant", "as_of", "by", "trend", "explain", "other"]),
    values, max_size=3,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(KEYS) | st.text(min_size=1, max_size=12), addresses)
def test_whatever_stands_in_the_address_gets_an_answer_that_is_described(
    shared: Program, key: str, words: dict[str, str]
) -> None:
    if key.strip(". /") and "/" not in key:
        told = shared.send("GET", f"kpis/{quote(key, safe='')}", params=words)
        assert told.status_code in (200, 404, 422), told.text
        assert told.status_code == 200 or list(told.json()) == ["error"]
