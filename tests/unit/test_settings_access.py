"""access.yaml: who may ask, in an operator's words, and what is said of rules that cannot be meant."""

from pathlib import Path

import pytest

from bot.settings import load
from kpi.policy import AskPolicy
from tests.configured import Folder


def test_as_shipped_every_full_member_may_ask_about_everything_and_share_it(tmp_path: Path) -> None:
    assert load({}, tmp_path).access.ask == AskPolicy("all", "none", {}, {}, "own")


def test_owners_see_their_own_and_a_group_of_heads_everything(folder: Folder) -> None:
    folder.write(
        access="ask:\n  members: none\n  owners: own\n  groups: {S012AB3CD: all}\n  people: {U012AB3CD: own}\n"
    )
    assert folder.load().access.ask == AskPolicy("none", "own", {"S012AB3CD": "all"}, {"U012AB3CD": "own"}, "own")


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            "ask: {members: everybody, owner: own}",
            [
                '1: "ask.owner" is not a setting; did you mean owners?',
                '1: ask.members: "everybody" must be one of all, own or none',
            ],
        ),
        (
            "ask:\n  members: own\n  groups:\n    heads: all\n    S012AB3CD: none\n",
            [
                '4: "ask.groups.heads" is not the id of a Slack user group; '
                "copy it from the group's menu, as in S012AB3CD",
                '5: ask.groups.S012AB3CD: "none" must be one of all or own',
            ],
        ),
        (
            "ask:\n  members: own\n  people: {anna: all}\n",
            [
                '3: "ask.people.anna" is not a Slack user id; copy it from the person\'s profile, as in U012AB3CD',
            ],
        ),
        ("ask: all", ['1: ask: "all" must be a group of settings, one `key: value` per line']),
    ],
    ids=["words", "groups", "people", "no group"],
)
def test_what_cannot_be_meant_is_named_with_its_line(folder: Folder, text: str, faults: list[str]) -> None:
    folder.write(access=text)
    assert folder.faults() == [f"config/access.yaml:{fault}" for fault in faults]


@pytest.mark.parametrize(
    ("name", "rule"), [("owners", "own"), ("groups", "{S012AB3CD: own}"), ("people", "{U012AB3CD: own}")]
)
def test_a_rule_meant_to_restrict_that_restricts_nobody_is_a_fault(folder: Folder, name: str, rule: str) -> None:
    folder.write(access=f"ask:\n  {name}: {rule}\n")
    (fault,) = folder.faults()
    assert fault.startswith(f"config/access.yaml:2: ask.{name}: ")
    assert fault.endswith("has no effect while every full member may ask about all accounts (members: all)")
