"""Another program logs interactions and puts facts over REST, with a token made on the command line."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.bots import Bot, Program
from tests.world import Client, World


@pytest.fixture(scope="module")
def token(program: Program, replicas: Mapping[str, Bot]) -> str:
    made = program.call("token", "create", "crm")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def interaction(client: Client) -> dict[str, str]:
    account = client.name.lower().replace(" ", "-")
    occurred = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()
    return {"account": account, "kind": "call", "occurred_at": occurred, "source": "crm", "external_id": account}


def post(bot: Bot, token: str, document: Mapping[str, str]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.post(f"{bot.url}/api/v1/interactions", json=document, headers=headers, trust_env=False, timeout=20)


def put(bot: Bot, token: str, entity: str, rows: list[dict[str, Any]]) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.put(f"{bot.url}/api/v1/{entity}", json={"rows": rows}, headers=headers, trust_env=False, timeout=20)


def test_an_interaction_posted_twice_is_stored_once_and_leads_to_one_question(
    either: World, replicas: Mapping[str, Bot], token: str
) -> None:
    client = either.client()
    document = interaction(client)
    first, second = (post(bot, token, document) for bot in replicas.values())
    assert (first.status_code, first.json()["survey"], first.json()["duplicate"]) == (201, "scheduled", False)
    assert (second.status_code, second.json()["duplicate"]) == (200, True)
    either.question(client)
    assert len(either.questions(client)) == 1


def test_without_a_token_or_with_wrong_words_nothing_is_stored(
    either: World, replicas: Mapping[str, Bot], token: str
) -> None:
    client, bot = either.client(), replicas["http"]
    assert post(bot, "kpibot_guessed", interaction(client)).status_code == 401
    assert post(bot, token, {**interaction(client), "account": "nobody"}).status_code == 404
    wrong = post(bot, token, {**interaction(client), "occurred_at": "yesterday"})
    assert wrong.status_code == 422
    assert "occurred_at" in wrong.json()["error"]
    assert either.rows("SELECT 1 FROM interaction WHERE account_id = %s", client.account_id) == []


def test_rows_put_through_one_process_are_known_to_the_other(
    either: World, replicas: Mapping[str, Bot], token: str
) -> None:
    account = either.client().name.lower().replace(" ", "-")
    rows = [
        {"account": account, "day": "2026-09-02", "metric": "logins", "value": 17},
        {"account": account, "day": "2.9.2026", "metric": "logins", "value": 17},
    ]
    first, second = (put(bot, token, "usage", rows) for bot in replicas.values())
    assert [answer.status_code for answer in (first, second)] == [207, 207]
    assert (first.json()["new"], second.json()["unchanged"]) == (1, 1)
    (rejected,) = second.json()["rows"]
    assert (rejected["row"], rejected["column"]) == (1, "day")
    assert len(either.rows("SELECT 1 FROM usage_day JOIN account USING (account_id) WHERE key = %s", account)) == 1
