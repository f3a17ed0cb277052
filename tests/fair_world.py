"""A world that keeps the shipped budget, with a programme for every way of asking, one for each kind of interaction."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bots import Program, eventually
from tests.world import UNHURRIED, Client, Message, World, button, new_world

LEFT_ALONE = "left-alone"
FAIR = f"""
programmes:
  after_contact: {{after: [meeting], delay: 0m, working_hours: false, off_for: [{LEFT_ALONE}]}}
  later: {{instrument: csat, after: [delivery], delay: 3h, working_hours: false}}
  effort: {{instrument: ces, after: [support], delay: 0m, working_hours: false}}
  seldom: {{instrument: csat, after: [call], delay: 0m, working_hours: false, sample: 0}}
  chosen: {{instrument: csat, after: [review], when: {{all: [{{segment: [enterprise]}}]}}}}
  here: {{instrument: csat, after: [visit], delay: 3h, working_hours: false, places: [thread]}}
  nameless:
    {{instrument: csat, after: [workshop], delay: 0m, working_hours: false, places: [thread], anonymous: true}}
  relationship: {{when: {{all: [{{segment: [strategic]}}]}}, working_hours: false, never_on: []}}
"""
PUBLIC = {"KPIBOT_PUBLIC_URL": "http://127.0.0.1", "KPIBOT_SECRET_KEY": "a key of sixteen characters"}
_LINK = re.compile(r"http://127\.0\.0\.1(/s/[\w-]+)")
_ASKED_BEFORE = """
    INSERT INTO survey (workspace_id, token, account_id, contact_id, instrument, wording_version, locale, state,
        programme, recorded_at, due_at, posted_at, expires_at, closed_at, place)
    SELECT 1, 'before-' || contact_id, account_id, contact_id, 'nps', 'nps-en-1', 'en', 'expired', 'relationship',
        at, at, at, at + interval '7 days', at + interval '7 days', 'thread'
    FROM contact, (SELECT now() - interval '80 days' AS at) AS moment WHERE account_id = %s
"""


@dataclass(frozen=True)
class Strategic:
    """Clients who were there when the bots started, so that their turns by the calendar are planned.

    The contacts of `planned` and `together` have their turn in ten days; `crowd` has more people than room for them.
    """

    planned: Client
    together: Client
    crowd: Client


@contextmanager
def fair_world(database_url: str, folder: Path) -> Iterator[tuple[World, Strategic]]:
    """The world, and its strategic clients; no bot runs in it yet."""
    with new_world(database_url, folder, surveys=FAIR) as world:
        planned, together, crowd = (_strategic(world) for _ in range(3))
        for client in (planned, together):
            world.rows(_ASKED_BEFORE, client.account_id)
        for person in crowd.people[1:]:
            world.contact(crowd.account_id, person)
        yield world, Strategic(planned, together, crowd)


def fair_program(world: World, transport: str) -> Program:
    """kpibot in it, with links to the page."""
    return world.program(transport, **PUBLIC, **UNHURRIED)


def told_by(outcome: dict[str, Any]) -> str:
    """What stands in the place of a form that was sent."""
    assert outcome["ack"]["error"] is None, outcome
    return json.dumps(outcome["view"], ensure_ascii=False)


def surveys(world: World, client: Client) -> list[dict[str, Any]]:
    """An account's surveys, oldest first."""
    return world.rows("SELECT * FROM survey WHERE account_id = %s ORDER BY survey_id", client.account_id)


def posted(world: World, client: Client, contact_id: int | None = None, **values: str) -> dict[str, Any]:
    """A survey whose question was posted to somebody of the client, the account's own contact or another."""
    before = len(surveys(world, client))
    world.log(client, contact_id, **values)

    def look() -> list[dict[str, Any]]:
        return [row for row in surveys(world, client)[before:] if row["state"] == "posted"]

    return eventually(look, "the question to be noted as posted")[0]


def earlier(world: World, survey: dict[str, Any], interval: str) -> None:
    """A question was posted so much earlier than it was."""
    query = (
        "UPDATE survey SET posted_at = posted_at - %s::interval, due_at = due_at - %s::interval WHERE survey_id = %s"
    )
    world.rows(query, interval, interval, survey["survey_id"])


def falls_due(world: World, *clients: Client) -> None:
    """What was to be asked of these clients is due since a minute ago, all of it at the same moment."""
    query = "UPDATE survey SET due_at = now() - interval '1 minute' WHERE state = 'scheduled' AND account_id = ANY(%s)"
    world.rows(query, [client.account_id for client in clients])


def became(world: World, client: Client, state: str) -> dict[str, Any]:
    """The client's newest survey once it is in this state, waited for."""

    def look() -> list[dict[str, Any]]:
        return [row for row in surveys(world, client)[-1:] if row["state"] == state]

    return eventually(look, f"a survey that is {state}")[0]


def direct(world: World, person: str) -> Message:
    """The newest question to somebody in a direct message, waited for."""

    def look() -> list[Message]:
        return [each for each in world.control.messages(person) if button(each, "survey_score_")][-1:]

    return eventually(look, f"a question to {person} directly")[0]


def link_for(world: World, client: Client) -> str:
    """The path of the page that the account's manager is to pass on, waited for."""
    words = json.dumps(world.told("U0ANNA", f"of *{client.name}* has not answered"))
    found = _LINK.search(words)
    assert found is not None, words
    return found[1]


def why_not(world: World, client: Client) -> str:
    """What `/kpi why-not` says of a client."""
    return world.kpi(f'why-not "{client.name}"')


def _strategic(world: World) -> Client:
    client = world.client()
    world.rows("UPDATE account SET segment = 'strategic' WHERE account_id = %s", client.account_id)
    return client
