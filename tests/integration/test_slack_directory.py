"""What Slack tells of people and channels, and what is believed of it when it tells nonsense or nothing."""

import json
from typing import Any

import pytest

from bot.slack import Slack
from kpi.model import Person
from sandbox.client import Control
from sandbox.server import Sandbox
from tests.rude_server import RudeServer, answer


def gateway(api_url: str) -> Slack:
    return Slack("xoxb-sandbox", api_url, send_timeout=1, ask_timeout=1)


@pytest.fixture
def directory(slack: Sandbox, control: Control) -> Slack:
    return gateway(slack.api_url)


@pytest.mark.parametrize(
    "person",
    [
        Person("U0ANNA", "T0HOME00", "Anna Arendt", timezone="Europe/Berlin", locale="en-US"),
        Person("U0CARLA", "T0CLIENT", "Carla Client", timezone="Europe/Berlin"),
        Person("U0GUEST", "T0HOME00", "Gina Guest", is_guest=True, timezone="Europe/Berlin", locale="en-US"),
        Person("U0SINGLE", "T0HOME00", "Sam Single", is_guest=True, timezone="Europe/Berlin", locale="en-US"),
        Person("U0ROBOT", "T0HOME00", "Build Bot", is_bot=True, timezone="Europe/Berlin", locale="en-US"),
        Person("U0GONE", "T0HOME00", "Gerd Gone", is_deleted=True, timezone="Europe/Berlin", locale="en-US"),
    ],
    ids=lambda person: str(person.name),
)
def test_a_person_comes_with_their_own_organisation_and_standing(directory: Slack, person: Person) -> None:
    assert directory.person(person.user_id) == person


def test_a_person_nobody_knows_is_none(directory: Slack) -> None:
    assert directory.person("U0NOBODY") is None


@pytest.mark.parametrize(
    ("channel_id", "shared"), [("C0TEAM", False), ("C0ACME", True), ("C0PENDING", True), ("C0NOWHERE", None)]
)
def test_a_channel_is_shared_as_soon_as_another_organisation_is_invited(
    directory: Slack, channel_id: str, shared: bool | None
) -> None:
    assert directory.is_externally_shared(channel_id) is shared


def test_a_channels_people_come_from_all_its_pages(directory: Slack, control: Control) -> None:
    crowd = [f"U0CROWD{number:03}" for number in range(450)]
    people = [{"id": user, "team_id": "T0HOME00"} for user in crowd]
    control.post("world", users=people, channels=[{"id": "C0CROWD", "name": "crowd", "members": crowd}])
    assert directory.members("C0CROWD") == tuple(crowd)
    assert len(control.calls("conversations.members")) == 3
    assert set(directory.members("C0ACME") or ()) >= {"U0ANNA", "U0CARLA", "U0KPIBOT"}


@pytest.mark.parametrize(
    ("told", "language"),
    [
        ("pt-BR", "pt-BR"),
        ("zh-TW", "zh-TW"),
        ("es-LA", "es-419"),
        ("de-XX", "de"),
        ("klingon", None),
        ("", None),
        ("../../etc", None),
    ],
)
def test_a_persons_language_is_one_we_can_write_numbers_in(
    directory: Slack, control: Control, told: str, language: str | None
) -> None:
    control.post("world", users=[{"id": "U0ANNA", "locale": told}])
    found = directory.person("U0ANNA")
    assert found is not None
    assert found.locale == language


@pytest.mark.parametrize("locale", [7, None, ["de-DE"]])
def test_an_absurd_language_is_none(locale: Any) -> None:
    found = {"ok": True, "user": {"team_id": "T0HOME00", "locale": locale}}
    with RudeServer(answer(json.dumps(found).encode())) as server:
        person = gateway(server.api_url).person("U0ANNA")
    assert person is not None
    assert person.locale is None


def test_a_user_group_names_its_people_and_one_that_is_gone_or_disabled_nobody(
    directory: Slack, control: Control
) -> None:
    assert directory.in_group("S0HEADS") == ("U0HEAD",)
    assert directory.in_group("S0CLOSED") == directory.in_group("S0NOWHERE") == ()
    control.post("world", groups=[{"id": "S0CLOSED", "disabled": False}])
    assert directory.in_group("S0CLOSED") == ("U0ANNA", "U0BEN")


@pytest.mark.parametrize("fault", ["http_500", "drop_before_accept", "rate_limited", "error"])
def test_when_slack_fails_nothing_is_claimed_of_a_group(directory: Slack, control: Control, fault: str) -> None:
    control.post("faults", method="usergroups.users.list", kind=fault)
    assert directory.in_group("S0HEADS") is None


@pytest.mark.parametrize("found", [{}, {"users": None}, {"users": "U0HEAD"}])
def test_an_absurd_answer_says_nothing_of_a_group(found: dict[str, Any]) -> None:
    with RudeServer(answer(json.dumps({"ok": True, **found}).encode())) as server:
        assert gateway(server.api_url).in_group("S0HEADS") is None


def test_of_a_channel_slack_cannot_speak_of_nobody_is_named(directory: Slack, control: Control) -> None:
    assert directory.members("C0SECRET") is None
    control.post("faults", method="conversations.members", kind="rate_limited")
    assert directory.members("C0ACME") is None


@pytest.mark.parametrize("found", [{}, {"members": None}, {"members": "U0ANNA"}, {"members": {"U0ANNA": 1}}])
def test_an_absurd_answer_names_nobody(found: dict[str, Any]) -> None:
    with RudeServer(answer(json.dumps({"ok": True, **found}).encode())) as server:
        assert gateway(server.api_url).members("C0TEAM") is None


def test_an_absurd_cursor_is_the_end(directory: Slack) -> None:
    found = {"ok": True, "members": ["U0ANNA", 7], "response_metadata": {"next_cursor": 7}}
    with RudeServer(answer(json.dumps(found).encode())) as server:
        assert gateway(server.api_url).members("C0TEAM") == ("U0ANNA",)


@pytest.mark.parametrize("fault", ["http_500", "drop_before_accept", "rate_limited", "error"])
def test_when_slack_fails_nothing_is_claimed_of_people_and_channels(
    directory: Slack, control: Control, fault: str
) -> None:
    control.post("faults", method="users.info", kind=fault)
    control.post("faults", method="conversations.info", kind=fault)
    assert directory.person("U0ANNA") is None
    assert directory.is_externally_shared("C0TEAM") is None


@pytest.mark.parametrize("found", [{}, {"user": None}, {"user": "U0ANNA"}, {"user": {}}, {"user": {"team_id": 7}}])
def test_an_absurd_answer_says_nothing_of_a_person(found: dict[str, Any]) -> None:
    with RudeServer(answer(json.dumps({"ok": True, **found}).encode())) as server:
        assert gateway(server.api_url).person("U0ANNA") is None


@pytest.mark.parametrize("found", [{}, {"channel": None}, {"channel": "C0TEAM"}, {"channel": {}}])
def test_an_absurd_answer_says_nothing_of_a_channel(found: dict[str, Any]) -> None:
    with RudeServer(answer(json.dumps({"ok": True, **found}).encode())) as server:
        assert gateway(server.api_url).is_externally_shared("C0TEAM") is None
