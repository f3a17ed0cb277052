"""Whatever keeps a question back: the form says it at once, and `/kpi why-not` lists it."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kpi.services.surveys.words import SUPPRESSED
from tests.fair_world import (
    LEFT_ALONE,
    Strategic,
    became,
    earlier,
    falls_due,
    posted,
    surveys,
    told_by,
    why_not,
)
from tests.world import Client, World

Logged = dict[str, Any]


def another(world: World, client: Client, number: int = 1) -> int:
    """One more contact of the client."""
    return world.contact(client.account_id, client.people[number])


def set_account(world: World, client: Client, column: str, value: str | None) -> None:
    world.rows(f"UPDATE account SET {column} = %s WHERE account_id = %s", value, client.account_id)  # noqa: S608 ours


def switched_off(world: World, client: Client) -> Logged:
    world.rows("UPDATE account SET key = 'was-' || account_id WHERE key = %s", LEFT_ALONE)
    set_account(world, client, "key", LEFT_ALONE)
    return world.log(client)


def no_channel(world: World, client: Client) -> Logged:
    set_account(world, client, "channel_id", None)
    return world.log(client, kind="visit", account=str(client.account_id))


def opted_out(world: World, client: Client) -> Logged:
    world.rows("UPDATE contact SET opted_out_at = now() WHERE contact_id = %s", client.contact_id)
    return world.log(client)


def asked_recently(world: World, client: Client) -> Logged:
    posted(world, client)
    return world.log(client)


def asked_same(world: World, client: Client) -> Logged:
    earlier(world, posted(world, client), "29 days")
    return world.log(client)


def asked_other(world: World, client: Client) -> Logged:
    earlier(world, posted(world, client), "13 days")
    return world.log(client, kind="support")


def account_budget(world: World, client: Client) -> Logged:
    earlier(world, posted(world, client), "20 days")
    earlier(world, posted(world, client, another(world, client)), "2 days")
    return world.log(client, another(world, client, 2))


def channel_budget(world: World, client: Client) -> Logged:
    posted(world, client)
    return world.log(client, another(world, client))


def too_long_ago(world: World, client: Client) -> Logged:
    return world.log(client, occurred_at=int(time.time()) - 8 * 86_400)


TOLD: Mapping[str, Callable[[World, Client], Logged]] = {
    "kind_not_asked": lambda world, client: world.log(client, kind="email"),
    "conditions": lambda world, client: world.log(client, kind="review"),
    "switched_off": switched_off,
    "no_channel": no_channel,
    "opted_out": opted_out,
    "asked_recently": asked_recently,
    "asked_same": asked_same,
    "asked_other": asked_other,
    "account_budget": account_budget,
    "channel_budget": channel_budget,
    "not_sampled": lambda world, client: world.log(client, kind="call"),
    "too_long_ago": too_long_ago,
}
AFTERWARDS = {"nps_first", "not_drawn", "reopened", "no_wording"}
"""These have tests of their own below."""


def test_no_reason_is_forgotten_here() -> None:
    assert {*TOLD, *AFTERWARDS} == set(SUPPRESSED)


@pytest.mark.parametrize("reason", TOLD)
def test_the_form_says_at_once_why_no_question_follows(fair: World, reason: str) -> None:
    client = fair.client()
    said = told_by(TOLD[reason](fair, client))
    assert f"No question follows: {SUPPRESSED[reason]}." in said
    newest = surveys(fair, client)[-1]
    assert (newest["state"], newest["reason"]) == ("suppressed", reason)
    assert f"*not asked*: {SUPPRESSED[reason]}" in why_not(fair, client)


def test_a_planned_nps_keeps_a_csat_away(fair: World, strategic: Strategic) -> None:
    before = len(surveys(fair, strategic.planned))
    said = told_by(fair.log(strategic.planned))
    assert f"No question follows: {SUPPRESSED['nps_first']}." in said
    assert [row["reason"] for row in surveys(fair, strategic.planned)[before:]] == ["nps_first"]
    assert SUPPRESSED["nps_first"] in why_not(fair, strategic.planned)


def test_of_an_nps_and_a_csat_that_fall_due_together_the_nps_is_asked(fair_either: World, strategic: Strategic) -> None:
    world, client = fair_either, strategic.together
    before, nps = surveys(world, client)
    earlier(world, before, "20 days")
    earlier(world, nps, "-40 days")
    assert "will be asked on" in told_by(world.log(client, kind="delivery"))
    falls_due(world, client)
    csat = became(world, client, "suppressed")
    assert (csat["instrument"], csat["reason"]) == ("csat", "asked_recently")
    assert "How likely" in world.question(client)["text"]
    assert SUPPRESSED["asked_recently"] in why_not(world, client)


def test_where_the_budget_has_not_room_for_all_the_others_are_not_drawn(
    fair_either: World, strategic: Strategic
) -> None:
    world, client = fair_either, strategic.crowd
    world.question(client)
    left = [row for row in surveys(world, client) if row["state"] == "suppressed"]
    assert {row["reason"] for row in left} == {"not_drawn"}
    assert [len(left), len(surveys(world, client))] == [3, 5]
    assert {round(row["sampling_probability"], 6) for row in surveys(world, client)} == {0.4}
    assert SUPPRESSED["not_drawn"] in why_not(world, client)


def test_what_is_reopened_in_the_last_moment_is_not_asked_about(fair_either: World) -> None:
    world, client = fair_either, fair_either.client()
    world.log(client, kind="delivery")
    world.rows("UPDATE interaction SET reopened_at = now() WHERE account_id = %s", client.account_id)
    falls_due(world, client)
    assert became(world, client, "suppressed")["reason"] == "reopened"
    assert world.questions(client) == []
    assert f"*not asked*: {SUPPRESSED['reopened']}" in why_not(world, client)


def test_a_question_without_words_would_be_listed(fair_either: World) -> None:
    world, client = fair_either, fair_either.client()
    world.log(client, kind="email")
    world.rows("UPDATE survey SET reason = 'no_wording' WHERE account_id = %s", client.account_id)
    assert f"*not asked*: {SUPPRESSED['no_wording']}" in why_not(world, client)
