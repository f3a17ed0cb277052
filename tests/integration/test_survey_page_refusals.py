"""What the page turns away: forged and expired links, garbage, and haste."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine

from bot.tongues import spoken
from bot.web.survey_page.forms import LARGEST
from bot.web.survey_page.pace import Pace
from kpi.services.surveys.links import Links
from kpi.store.store import Store
from tests.doorstep import FORM, KEY, OLDER_KEY, PUBLIC, SAFE, Doorstep

ENGLISH = spoken("en")


@pytest.fixture
def doorstep(tenant: Store) -> Doorstep:
    return Doorstep(tenant)


def test_a_body_beyond_any_comment_is_not_read_to_its_end(doorstep: Doorstep) -> None:
    doorstep.post("answer", score=2)
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for number in range(100):
            sent.append(number)
            yield b"comment=" + b"x" * 5_000

    headers = {"Content-Type": FORM}
    assert doorstep.send("POST", f"{doorstep.token}/comment", content=endless(), headers=headers).status_code == 413
    assert len(sent) < LARGEST // 5_000 + 3
    assert doorstep.reply()["comment"] is None


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_expired_link_is_gone_and_a_forged_one_was_never_there(doorstep: Doorstep, method: str) -> None:
    old = doorstep.link(days=3)
    doorstep.agency.now.move(days=3)
    below = "" if method == "GET" else "/answer"
    tap: dict[str, Any] = {"data": {"score": 4}} if below else {}

    for token, status in ((old, 410), (doorstep.token[:-9] + "A" * 9, 404), ("x" * 140, 404), ("x", 404)):
        answer = doorstep.send(method, token + below, **tap)
        assert answer.status_code == status
        assert ENGLISH.page_unknown in answer.text
    assert doorstep.replies() == []


def test_other_paths_lead_nowhere(doorstep: Doorstep) -> None:
    assert doorstep.post("delete", score=4).status_code == 404
    assert doorstep.get("").status_code == 404


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("answer", b""),
        ("answer", b"score"),
        ("answer", b"score="),
        ("answer", b"score=0"),
        ("answer", b"score=6"),
        ("answer", b"score=-1"),
        ("answer", b"score=4.0"),
        ("answer", b"score=%D9%A4"),
        ("answer", b"score=4&score=5"),
        ("answer", b"score=%FF"),
        ("answer", b"score=4" + b"&x=1" * 100),
        ("answer", b"\xff\xfe"),
        ("comment", b"comment=x&tag=price"),
        ("comment", b"tag=speed"),
        ("comment", b"comment=%ED%A0%80"),
        ("wish", b"wish=less&wish=stop"),
        ("wish", b"wish=everything"),
    ],
)
def test_garbage_gets_the_page_again_and_stores_nothing(doorstep: Doorstep, path: str, body: bytes) -> None:
    before = doorstep.stored()

    answer = doorstep.send("POST", f"{doorstep.token}/{path}", content=body, headers={"Content-Type": FORM})

    assert answer.status_code == 422
    assert "How satisfied were you?" in answer.text
    assert doorstep.stored() == before


@pytest.mark.parametrize("kind", ["", "application/json", "multipart/form-data; boundary=x", "text/plain"])
def test_only_a_form_is_taken(doorstep: Doorstep, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = doorstep.send("POST", f"{doorstep.token}/answer", content=b"score=4", headers=headers)
    assert answer.status_code == 422
    assert doorstep.replies() == []


def test_a_link_made_with_the_key_before_still_opens(doorstep: Doorstep) -> None:
    until = doorstep.agency.now() + timedelta(days=1)
    address = Links((OLDER_KEY,), PUBLIC, doorstep.store.workspace_id).address(
        doorstep.survey_id, doorstep.agency.carla, until
    )
    assert address is not None
    assert KEY != OLDER_KEY
    assert doorstep.get(address.rpartition("/")[2]).status_code == 200


def test_too_many_taps_behind_one_link_have_to_wait_wherever_they_come_from(tenant: Store) -> None:
    doorstep = Doorstep(tenant, Pace("3/minute", "1000/minute"))
    path, sent = f"{doorstep.token}/answer", {"score": 4}
    taps = [doorstep.send("POST", path, host=f"203.0.113.{n}", data=sent) for n in range(5)]

    assert [tap.status_code for tap in taps] == [303, 303, 303, 429, 429]
    assert 1 <= int(taps[-1].headers["retry-after"]) <= 60
    assert ENGLISH.page_busy in taps[-1].text
    assert doorstep.get(doorstep.token).status_code == 200
    chris = doorstep.agency.contact("chris", doorstep.agency.acme, "Chris")
    assert doorstep.send("POST", f"{doorstep.link(contact_id=chris)}/answer", data=sent).status_code == 303


def test_too_many_requests_of_one_address_have_to_wait_and_others_do_not(tenant: Store) -> None:
    doorstep = Doorstep(tenant, Pace("1000/minute", "3/minute"))

    def status(path: str, host: str) -> int:
        return doorstep.send("GET", path, host=host).status_code

    assert [status(path, "198.51.100.1") for path in ("x", doorstep.token, "y", doorstep.token)] == [404, 200, 404, 429]
    assert status(doorstep.token, "198.51.100.2") == 200
    assert [status("x", f"2001:db8:1:2::{n}") for n in range(1, 5)] == [404, 404, 404, 429]
    assert status("x", "2001:db8:1:3::1") == 404


def test_the_usual_pace_lets_thirty_taps_and_a_hundred_and_twenty_looks_a_minute_through() -> None:
    pace = Pace()
    assert [pace.of_link(1, 1) is None for _ in range(31)] == [True] * 30 + [False]
    assert [pace.of_address("x") is None for _ in range(121)] == [True] * 120 + [False]


def test_while_the_database_is_away_people_are_asked_to_come_back(doorstep: Doorstep) -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    doorstep.serve(replace(doorstep.by_link, store=Store(away, doorstep.store.workspace_id)))

    answer = doorstep.get(doorstep.token)

    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert "something went wrong on our side" in answer.text
    assert {name: answer.headers[name] for name in SAFE} == SAFE
