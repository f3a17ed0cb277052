"""Slack's payloads read right, whichever way they are written, and absurd ones without a stumble."""

from dataclasses import astuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.installation import Installation
from bot.payloads import action_value, actor, after_first_word, channel_of, first_word, installation, row_id, typed
from kpi.errors import KpiError

COMMAND = {
    "command": "/kpi",
    "text": "Log  acme",
    "user_id": "U0ANNA",
    "user_name": "anna",
    "team_id": "T0HOME00",
    "channel_id": "C0TEAM",
}
PRESS = {
    "type": "block_actions",
    "team": {"id": "T0HOME00"},
    "user": {"id": "U0CARLA", "username": "carla", "name": "carla.c", "team_id": "T0CLIENT"},
    "container": {"type": "message", "channel_id": "C0ACME"},
    "channel": {"id": "C0ACME", "name": "shared-acme"},
    "actions": [{"action_id": "score_5", "value": "token:5"}],
}
FORM: dict[str, Any] = {
    "type": "view_submission",
    "team": {"id": "T0CLIENT"},
    "user": {"id": "U0CARLA", "username": "carla", "team_id": "T0CLIENT"},
    "view": {"id": "V1", "team_id": "T0CLIENT", "app_installed_team_id": "T0HOME00"},
}
EVENT = {
    "type": "event_callback",
    "team_id": "T0CLIENT",
    "authorizations": [{"team_id": "T0HOME00", "is_bot": True}],
    "event": {"type": "channel_shared", "channel": "C0ACME"},
}


@pytest.mark.parametrize(
    ("body", "who"),
    [
        (COMMAND, ("U0ANNA", "T0HOME00", "C0TEAM")),
        (PRESS, ("U0CARLA", "T0CLIENT", "C0ACME")),
        (FORM, ("U0CARLA", "T0CLIENT", None)),
        ({**PRESS, "user": {"id": "U0ANNA"}}, ("U0ANNA", "T0HOME00", "C0ACME")),
        ({}, ("", "", None)),
    ],
)
def test_who_acted_comes_with_their_own_organisation(body: dict[str, Any], who: tuple[str, str, str | None]) -> None:
    assert (actor(body).user_id, actor(body).team_id, channel_of(body)) == who


@pytest.mark.parametrize(("body", "name"), [(COMMAND, "anna"), (PRESS, "carla.c"), (FORM, "carla"), ({}, "")])
def test_who_acted_has_the_name_the_payload_gives(body: dict[str, Any], name: str) -> None:
    assert actor(body).name == name


@pytest.mark.parametrize(
    ("body", "team"),
    [(COMMAND, "T0HOME00"), (PRESS, "T0HOME00"), (FORM, "T0HOME00"), (EVENT, "T0HOME00"), ({"team": None}, "")],
)
def test_the_installing_team_is_ours_although_a_client_acts(body: dict[str, Any], team: str) -> None:
    assert installation(body) == Installation(team)


OURS, THEIRS = {"id": "E0NORTH", "name": "Northwind"}, {"id": "E0ACME", "name": "Acme"}


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ({**COMMAND, "enterprise_id": "E0NORTH"}, Installation("T0HOME00", "E0NORTH")),
        ({**PRESS, "enterprise": OURS}, Installation("T0HOME00", "E0NORTH")),
        ({**PRESS, "team": None, "enterprise": OURS}, Installation("", "E0NORTH")),
        ({**PRESS, "team": None, "enterprise": None}, Installation("T0CLIENT")),
        ({**FORM, "enterprise": THEIRS}, Installation("T0HOME00")),
        ({**FORM, "view": {**FORM["view"], "bot_id": "B1"}}, Installation("T0HOME00", bot_id="B1")),
        (
            {**EVENT, "enterprise_id": "E0ACME", "authorizations": [{"team_id": None, "enterprise_id": "E0NORTH"}]},
            Installation("", "E0NORTH"),
        ),
        ({"team_id": "T0HOME00", "authorizations": [{}]}, Installation("T0HOME00")),
    ],
)
def test_on_enterprise_grid_the_installation_is_ours_too(body: dict[str, Any], meant: Installation) -> None:
    assert installation(body) == meant


@pytest.mark.parametrize(
    ("body", "channel"),
    [
        ({"channel": {"id": "C1"}, "channel_id": "C2"}, "C1"),
        ({"container": {"channel_id": "C3"}}, "C3"),
        ({"channel": None, "container": {"type": "view"}}, None),
        ({"channel_id": ""}, None),
        ({"channel": "C0ACME"}, None),
    ],
)
def test_the_channel_is_found_wherever_it_is_written(body: dict[str, Any], channel: str | None) -> None:
    assert channel_of(body) == channel


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("log", True),
        ("LOG acme", True),
        ("  log", True),
        ("logs", False),
        ("csat log", False),
        ("", False),
        (None, False),
    ],
)
def test_a_command_is_told_by_its_first_word_in_any_case(text: str | None, matches: bool) -> None:
    assert first_word("log", "note")({"text": text}) is matches


@pytest.mark.parametrize(
    ("text", "rest"),
    [("account acme", "acme"), ("  account   R&amp;D  ltd ", "R&D  ltd"), ("account", ""), ("", ""), (None, "")],
)
def test_what_stands_behind_the_first_word_is_read_whole(text: str | None, rest: str) -> None:
    assert after_first_word({"text": text}) == rest


def test_text_is_read_as_it_was_typed() -> None:
    assert typed({"text": "csat R&amp;D &lt;30 days&gt;"}) == "csat R&D <30 days>"


@pytest.mark.parametrize(
    ("actions", "value"),
    [
        ([{"value": "5"}], "5"),
        ([{}], ""),
        ([], ""),
        (None, ""),
        ([7], ""),
        ([{"value": 5}], ""),
        ([{"value": "\0a"}], "a"),
    ],
)
def test_the_value_of_a_press_is_its_buttons(actions: Any, value: str) -> None:
    assert action_value({"actions": actions}) == value


@pytest.mark.parametrize("value", ["", "token", "1.5", "9" * 30, "9" * 5000, "-" + "9" * 30, None, True, [], 2**63])
def test_what_is_no_id_of_a_row_is_not_ours(value: object) -> None:
    assert (row_id("17"), row_id(2**63 - 1)) == (17, 2**63 - 1)
    with pytest.raises(KpiError, match="not one of ours"):
        row_id(value)


WORDS = st.sampled_from([
    "user", "team", "id", "team_id", "view", "channel", "container", "channel_id", "authorizations", "actions", "text",
    "enterprise", "enterprise_id", "app_installed_team_id", "bot_id",
])  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(WORDS, inner, max_size=4)),
)


@given(body=st.dictionaries(WORDS, VALUES, max_size=8))
def test_no_payload_however_absurd_makes_reading_fail(body: dict[str, Any]) -> None:
    who = actor(body)
    assert (type(who.user_id), type(who.team_id)) == (str, str)
    assert isinstance(actor(body).name, str)
    assert isinstance(action_value(body), str)
    assert isinstance(typed(body), str)
    assert type(channel_of(body)) in (str, type(None))
    assert {type(word) for word in astuple(installation(body))} == {str}
    assert first_word("log")(body) in (True, False)
