"""Whatever a machine makes up and sends as an interaction, a click, a form or a link: it is answered in words, and
nothing is stored that breaks a rule."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from structlog.testing import capture_logs

from kpi.services.surveys import asking
from kpi.store import tables
from tests.agency import ACME, GLOBEX, HOME
from tests.doorstep import Doorstep
from tests.rest import Program, workspace_in
from tests.sayable import queue_is_sayable
from tests.scribbler import JUNK, Scribbler, form, places, press, scribbled
from tests.stage import listening

FUZZ = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
USERS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["U0CARLA", "U0CHRIS", "U0OTTO", "U0ANNA", "U0GUEST", "U0ROBOT", "U0NOBODY", ""]),
        "team_id": st.sampled_from([ACME, GLOBEX, HOME, "E0GRID", ""]),
        "name": st.just("somebody") | TEXTS,
    }
)
ACTIONS = (
    *("survey_score_0", "survey_score_4", "survey_score_10", "survey_score_99", "survey_comment", "survey_wish_less"),
    *("survey_wish_stop", "survey_wish_again", "cancel_survey", "stranger_map_1", "stranger_new", "stranger_discard"),
    *("resend_delivery", "add_contact", "add_all_contacts", "set_up_account"),
    *("kpi_ask:explain", "kpi_share", "kpi_share:channel", "kpi_share:send"),
)
SCORES = st.sampled_from(["", ".0", ".1", ".4", ".5", ".6", ".10", ".11", ".99", ".-1", ".٤", ".4.4"])
IDS = st.sampled_from([0, 1, 2, 3, -1, 2**31, 2**63 - 1, 2**63, 10**30]) | st.integers()
PRESSED = st.fixed_dictionaries(
    {
        "account": IDS | TEXTS | st.none(),
        "user": st.sampled_from(["U0OTTO", "U0CARLA", "", "\0"]),
        "team": st.sampled_from([GLOBEX, ACME, HOME, "", "\0"]),
        "contact": IDS | st.none(),
        "users": st.lists(st.sampled_from(["U0OTTO", "U0NOBODY", "", "\0"]), max_size=3),
    }
).map(json.dumps)
TYPED = st.sampled_from(["", " ", "\0", "x" * 3000, "x" * 3001, "<!channel>", "\u202eabc"]) | TEXTS | st.none()
CHOSEN = st.sampled_from(["", "0", "1", "2", "-1", "99999", "9" * 30, "٣", "meeting", "party", "\0"]) | TEXTS
MOMENTS = st.sampled_from([0, -1, 1_789_552_800, 1_900_000_000, 2**40, 2**70, None, "now", 1.5]) | st.integers()


def options(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values.map(lambda value: {"value": value})


@pytest.fixture(scope="module")
def scribbler(shared_engine: Engine) -> Iterator[Scribbler]:
    """One for all examples: what one of them stored, the next finds."""
    with listening() as ears:
        found = Scribbler(shared_engine, ears)
        yield found
        queue_is_sayable(shared_engine, found.agency.store.workspace_id)


def values(scribbler: Scribbler) -> st.SearchStrategy[str]:
    """What may stand in a button: the tokens of open questions above all."""
    tokens = st.sampled_from([*scribbler.open, "nobodys-token", ""])
    asked = st.sampled_from(
        ["csat", "why-not acme", "surveys by account", "trend csat 9999m", "compare csat", "csat \0"]
    )
    return st.builds(str.__add__, tokens, SCORES) | PRESSED | IDS.map(str) | asked | TEXTS


def is_well(scribbler: Scribbler, body: dict[str, Any], *, whole: bool) -> None:
    """A payload of Slack's shape is acknowledged, and nothing fails over it; any other may be turned away, or come to
    an apology, but nothing is raised past the listeners."""
    answer, failures = scribbler.send(body)
    assert [each for each in failures if whole or not each.startswith("listener_failed")] == []
    assert answer.status_code in ((200,) if whole else (200, 400, 404)), answer.text
    assert scribbler.broken() == []


@FUZZ
@given(data=st.data(), action=st.sampled_from(ACTIONS), user=USERS)
def test_no_value_behind_a_button_makes_us_stumble(
    scribbler: Scribbler, data: st.DataObject, action: str, user: dict[str, str]
) -> None:
    is_well(scribbler, press(action, data.draw(values(scribbler)), user), whole=True)


@FUZZ
@given(data=st.data(), user=USERS, typed=TYPED, ticked=st.lists(CHOSEN | st.just("speed"), max_size=3))
def test_no_comment_makes_us_stumble(
    scribbler: Scribbler, data: st.DataObject, user: dict[str, str], typed: str | None, ticked: list[str]
) -> None:
    token = data.draw(st.sampled_from([*scribbler.open, "nobodys-token", "\0", ""]))
    boxes = {"type": "checkboxes", "selected_options": [{"value": value} for value in ticked]}
    said = {"comment": {"type": "plain_text_input", "value": typed}, "tags": boxes}
    scribbler.send(press("survey_score_4", f"{token}.4", user))
    is_well(scribbler, form("survey_comment", token, said, user), whole=True)


@FUZZ
@given(
    user=USERS,
    account=options(CHOSEN),
    kind=options(CHOSEN),
    contact=options(CHOSEN),
    moment=MOMENTS,
    note=TYPED,
    place=st.fixed_dictionaries({name: st.none() | TEXTS for name in ("channel_id", "thread_ts")}),
)
def test_no_interaction_in_the_form_makes_us_stumble(
    scribbler: Scribbler, user: dict[str, str], moment: Any, note: str | None, place: Any, **chosen: Any
) -> None:
    said = {name: {"type": "static_select", "selected_option": option} for name, option in chosen.items()}
    said["occurred_at"] = {"type": "datetimepicker", "selected_date_time": moment}
    said["note"] = {"type": "plain_text_input", "value": note}
    is_well(scribbler, form("log_interaction", json.dumps(place), said, user), whole=True)


@FUZZ
@given(user=USERS, survey=IDS.map(str) | TEXTS, reason=TYPED)
def test_no_reason_makes_us_stumble(
    scribbler: Scribbler, user: dict[str, str], survey: str, reason: str | None
) -> None:
    said = {"reason": {"type": "plain_text_input", "value": reason}}
    is_well(scribbler, form("cancel_survey", survey, said, user), whole=True)


@FUZZ
@given(data=st.data(), user=USERS)
def test_no_payload_out_of_shape_makes_us_stumble(
    scribbler: Scribbler, data: st.DataObject, user: dict[str, str]
) -> None:
    whole = data.draw(st.sampled_from(shapes(scribbler, user)))
    places_in = st.sampled_from([*places(whole)])
    changes = data.draw(st.lists(st.tuples(places_in, JUNK), min_size=1, max_size=4))
    is_well(scribbler, scribbled(whole, changes), whole=False)


def shapes(scribbler: Scribbler, user: dict[str, str]) -> list[dict[str, Any]]:
    """A payload of every kind."""
    token = scribbler.open[0]
    place = json.dumps({"channel_id": "C0ACME", "thread_ts": None})
    comment = {
        "comment": {"type": "plain_text_input", "value": "Hm"},
        "tags": {"selected_options": [{"value": "speed"}]},
    }
    chosen = {"account": str(scribbler.agency.acme), "kind": "call", "contact": str(scribbler.agency.carla)}
    logged: dict[str, Any] = {name: {"selected_option": {"value": value}} for name, value in chosen.items()}
    logged |= {"occurred_at": {"selected_date_time": 1_789_552_800}, "note": {"value": "Hm"}}
    return [
        *(press(action, f"{token}.4" if "score" in action else token, user) for action in ACTIONS),
        form("survey_comment", token, comment, user),
        form("log_interaction", place, logged, user),
        form("cancel_survey", str(scribbler.scheduled), {"reason": {"value": "A hard week"}}, user),
    ]


def test_everything_in_shape_does_what_it_is_for(shared_engine: Engine, scribbler: Scribbler) -> None:
    fresh = Scribbler(shared_engine, scribbler.ears)
    for user in (
        {"id": "U0CARLA", "team_id": ACME, "name": "carla"},
        {"id": "U0ANNA", "team_id": HOME, "name": "anna"},
    ):
        for body in shapes(fresh, user):
            is_well(fresh, body, whole=True)
    reply = fresh.agency.only(tables.reply)
    assert (reply["score"], reply["comment"], reply["tags"]) == (4, "Hm", ["speed"])
    assert fresh.agency.survey(fresh.scheduled)["state"] == "cancelled"
    assert fresh.agency.rows(tables.interaction)[-1]["note"] == "Hm"


@pytest.fixture(scope="module")
def program(shared_engine: Engine) -> Program:
    """Another program, one for all examples."""
    return Program(workspace_in(shared_engine))


WORDS = st.sampled_from(
    ["acme", "globex", "carla", "anna", "crm", "slack", "csv", "meeting", "party", "", " ", "\0", "x" * 256]
)
INSTANTS = st.sampled_from(
    ["2026-09-16T10:00:00Z", "2026-09-16T12:04:59+02:00", "2026-09-16T10:06Z", "2024-09-15T00:00Z", "2024-09-16T12:00Z",
     "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-09-16", "now"]
)  # fmt: skip
ANY = st.none() | st.booleans() | st.integers() | TEXTS | st.lists(TEXTS, max_size=2)
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(("account", "contact", "kind", "source", "external_id", "owner"), WORDS | ANY),
    "occurred_at": INSTANTS | ANY,
    "note": st.sampled_from(["x" * 3000, "x" * 3001, "\0", ""]) | ANY,
    "tags": st.lists(WORDS | st.just("x" * 61) | ANY, max_size=22) | ANY,
    "colour": ANY,
}


@FUZZ
@given(rows=st.lists(st.fixed_dictionaries({}, optional=COLUMNS), min_size=1, max_size=3), single=st.booleans())
@example(rows=[{"occurred_at": 0}], single=True)
def test_no_interaction_of_a_program_makes_us_stumble(
    program: Program, rows: list[dict[str, Any]], single: bool
) -> None:
    sent = [program.interaction(**{"external_id": str(len(json.dumps(row))), **row}) for row in rows]
    with capture_logs():
        answer = program.send("POST", "interactions", json=sent[0] if single else {"rows": sent})
    assert answer.status_code in ((200, 201, 404, 409, 422) if single else (200, 207)), answer.text
    for row in program.agency.rows(tables.interaction):
        assert row["kind"] in asking.kinds(program.agency.policy)
        assert row["source"] not in ("slack", "csv")
        assert len(row["note"] or "") <= 3000
        assert len(row["tags"]) <= 20
        assert timedelta(minutes=-5) <= program.agency.now() - row["occurred_at"] <= timedelta(days=731)


@FUZZ
@given(document=st.fixed_dictionaries({}, optional=dict.fromkeys(("source", "external_id", "x"), WORDS | ANY)) | ANY)
@example(document={"source": "\0", "external_id": "1"})
def test_no_reopening_makes_us_stumble(program: Program, document: Any) -> None:
    with capture_logs():
        answer = program.send("POST", "interactions/reopen", json=document)
    assert answer.status_code in (200, 404, 422), answer.text


@pytest.fixture(scope="module")
def doorstep(shared_engine: Engine) -> Doorstep:
    """A client before the page, one for all examples."""
    return Doorstep(workspace_in(shared_engine))


@FUZZ
@given(
    at=st.integers(0, 150),
    letter=st.sampled_from([*"Aa0_-.~=", "", "%00", "é"]),
    act=st.sampled_from(["", "/answer", "/comment", "/wish"]),
    query=st.sampled_from(["", "?done=answer", "?done=%00", "?done=a&done=b", "?x"]),
)
def test_no_letter_of_a_link_can_be_another(doorstep: Doorstep, at: int, letter: str, act: str, query: str) -> None:
    before, at = doorstep.stored(), at % len(doorstep.token)
    forged = doorstep.token[:at] + letter + doorstep.token[at + 1 :]
    said: dict[str, Any] = {"data": {"score": "4", "comment": "x", "wish": "stop"}} if act else {}
    answer = doorstep.send("POST" if act else "GET", f"{forged}{act}{query}", **said)
    assert forged == doorstep.token or answer.status_code in (404, 405)
    assert forged == doorstep.token or doorstep.stored() == before
