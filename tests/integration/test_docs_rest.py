"""The requests docs/rest.md shows, sent in their order: the answers are those it shows."""

import json
import re
import shlex
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kpi.records.catalog import ENTITIES
from kpi.services.tokens import Tokens
from kpi.store.store import Store
from tests.fakes import FakeNow
from tests.rest import app, programme, send

PAGE = (Path(__file__).parents[2] / "docs/rest.md").read_text(encoding="utf-8")


def shown() -> Iterator[tuple[str, str, Any, Any]]:
    """Each request of the page: method, path, body (None to ask), and the answer below it if there is one."""
    for commands, answer in re.findall(r"```sh\n(.*?)```(?:\n\n```json\n(.*?)```)?", PAGE, re.DOTALL):
        for command in commands.strip().split("\n\n"):
            words = shlex.split(command)
            if words[0] != "curl":
                continue
            method = words.pop(2) if words[1] == "-X" else "GET"
            address, *data = [word for word in words[1:] if word not in ("-X", "-H", "@headers", "-d")]
            assert "@headers" in words
            yield (
                method,
                address.removeprefix("$API/"),
                data[0] if data else None,
                json.loads(answer) if answer else None,
            )


REQUESTS = list(shown())
GOOD = (200, 201, 207)


def plain(answer: Any) -> Any:
    """Without what is another one every time, and without what the page leaves open."""
    if isinstance(answer, list):
        return [plain(one) for one in answer]
    if isinstance(answer, dict):
        return {name: plain(one) for name, one in answer.items() if name != "interaction" and one != "…"}
    return answer


def covers(told: Any, page: Any) -> bool:
    """Whether an answer is what the page shows."""
    if isinstance(page, dict):
        return set(told) >= set(page) and all(covers(told[name], one) for name, one in page.items())
    if isinstance(page, list):
        return len(told) == len(page) and all(map(covers, told, page))
    return bool(told == page)


def test_the_page_has_a_request_for_every_path() -> None:
    written = {path for method, path, _, _ in REQUESTS if method != "GET"}
    assert written == {entity.name for entity in ENTITIES} | {"interactions/reopen"}
    assert {path.partition("/")[0] for method, path, _, _ in REQUESTS if method == "GET"} == {"kpis"}


def test_the_requests_of_the_page_are_answered_as_it_says(tenant: Store) -> None:
    now = FakeNow(datetime(2026, 9, 1, 12, 30, tzinfo=UTC))
    web, token = app(programme(tenant, now)), Tokens(tenant, now).create("crm", ["read", "write"])
    for method, path, body, answer in REQUESTS:
        told = send(web, method, path, token, content=body, headers={"Content-Type": "application/json"})
        assert told.status_code in GOOD, (path, told.text)
        if answer is None and method == "GET":
            assert told.json(), path
        elif answer is None:
            assert told.json()["rejected"] == 0, (path, told.text)
        else:
            assert covers(told.json(), plain(answer)), (path, told.text)
