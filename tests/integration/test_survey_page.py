"""The page over HTTP: what it shows, what it stores, and what it turns away."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pytest
from sqlalchemy import create_engine

from bot.tongues import spoken
from bot.web.survey_page.forms import LARGEST
from bot.web.survey_page.pace import Pace
from bot.web.survey_page.tongue import wished
from kpi.services.surveys.links import Links
from kpi.services.surveys.words import COMMENT_CHARS
from kpi.store import tables
from kpi.store.store import Store
from tests.doorstep import FORM, KEY, OLDER_KEY, PUBLIC, Doorstep

ENGLISH = spoken("en")
SAFE = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    "x-robots-tag": "noindex",
}


@pytest.fixture
def doorstep(tenant: Store) -> Doorstep:
    return Doorstep(tenant)


def test_a_get_shows_the_question_with_every_point_of_its_scale(doorstep: Doorstep) -> None:
    answer = doorstep.get(doorstep.token)

    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1
    assert "<h1>How satisfied were you?</h1>" in answer.text
    assert re.findall(r'name="score" value="(\d+)"', answer.text) == ["1", "2", "3", "4", "5"]
    assert "Very dissatisfied" in answer.text
    assert "checked" not in answer.text
    assert ENGLISH.page_privacy in answer.text


def test_nothing_on_the_page_runs_or_comes_from_elsewhere(doorstep: Doorstep) -> None:
    doorstep.post("answer", score=3)
    for path in (doorstep.token, "nowhere"):
        text = doorstep.get(path).text
        assert "<script" not in text
        assert not re.search(r"\son\w+=|src=|href=|url\(|@import|style=", text)


@pytest.mark.parametrize("path", ["{token}", "{token}/answer", "nowhere"])
def test_every_answer_keeps_the_address_to_itself(doorstep: Doorstep, path: str) -> None:
    headers = doorstep.get(path.format(token=doorstep.token)).headers

    assert {name: headers[name] for name in SAFE} == SAFE
    policy = headers["content-security-policy"]
    style = r"style-src 'sha256-[A-Za-z0-9+/]{43}='"
    rest = r"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    assert re.fullmatch(rf"default-src 'none'; {style}; {rest}", policy)


def test_a_tap_stores_the_answer_and_leads_back_to_the_page(doorstep: Doorstep) -> None:
    answer = doorstep.post("answer", score=4)

    assert answer.status_code == 303
    assert {name: answer.headers[name] for name in SAFE} == SAFE
    back = urljoin(str(answer.url), answer.headers["location"])
    assert back == f"{PUBLIC}/s/{doorstep.token}?done=answer"
    assert "<h1>Thank you!</h1>" in doorstep.get(doorstep.token).text
    assert "Your answer: Satisfied" in doorstep.get(doorstep.token).text
    assert "You can change your answer until" in doorstep.get(doorstep.token).text


def test_looking_again_and_again_stores_nothing(doorstep: Doorstep) -> None:
    before = doorstep.stored()

    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"):
        for path in ("", "/answer", "/comment", "/wish", "/answer?score=4", "?score=4&wish=stop"):
            assert doorstep.send(method, doorstep.token + path).status_code in (200, 303, 405)

    assert doorstep.stored() == before
    assert doorstep.survey()["state"] == "posted"


def test_a_head_is_answered_as_a_get(doorstep: Doorstep) -> None:
    assert doorstep.send("HEAD", doorstep.token).status_code == 200
    assert doorstep.send("HEAD", "nowhere").status_code == 404


def test_where_something_is_posted_to_leads_back_when_it_is_looked_at(doorstep: Doorstep) -> None:
    answer = doorstep.get(f"{doorstep.token}/answer")
    assert urljoin(str(answer.url), answer.headers["location"]) == f"{PUBLIC}/s/{doorstep.token}"


def test_below_a_prefix_every_address_still_leads_to_the_page(doorstep: Doorstep) -> None:
    shown, refused = doorstep.get(doorstep.token), doorstep.post("answer", score=9)

    for answer, place in ((shown, doorstep.token), (refused, f"{doorstep.token}/answer")):
        (there, *_) = re.findall(r'action="([^"]+)"', answer.text)
        assert urljoin(f"https://example.com/kpi/s/{place}", there) == (
            f"https://example.com/kpi/s/{doorstep.token}/answer"
        )


def test_why_is_asked_by_the_score_and_what_was_written_stays(doorstep: Doorstep) -> None:
    doorstep.post("answer", score=2)
    assert "What is the reason?" in doorstep.get(doorstep.token).text

    doorstep.post("comment", comment="</textarea><script>alert(1)</script>\r\n“late”", tag=["speed"])
    text = doorstep.get(f"{doorstep.token}?done=comment").text

    assert doorstep.reply()["comment"] == "</textarea><script>alert(1)</script>\n“late”"
    assert "&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;\n“late”</textarea>" in text
    assert 'value="speed" checked' in text
    assert 'value="communication">' in text
    assert ENGLISH.kept in text


def test_the_longest_comment_is_stored_in_any_script(doorstep: Doorstep) -> None:
    doorstep.post("answer", score=2)
    for comment in ("日" * COMMENT_CHARS, "😀" * COMMENT_CHARS, "\r\n".join("x" * (COMMENT_CHARS // 2))):
        assert doorstep.post("comment", comment=comment).status_code == 303
        assert doorstep.reply()["comment"] == comment.replace("\r\n", "\n")


def test_a_comment_that_is_too_long_stays_in_the_form_and_says_why(doorstep: Doorstep) -> None:
    doorstep.post("answer", score=2)
    answer = doorstep.post("comment", comment="x" * (COMMENT_CHARS + 1))

    assert answer.status_code == 422
    assert "it has 3,001 characters, and 3,000 can be stored" in answer.text
    assert "x" * (COMMENT_CHARS + 1) in answer.text
    assert doorstep.reply()["comment"] is None


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


def test_a_wish_is_heeded_in_one_tap_and_taken_back_in_another(doorstep: Doorstep) -> None:
    assert doorstep.post("wish", wish="stop").status_code == 303
    text = doorstep.get(doorstep.token).text
    assert ENGLISH.stop_done in text
    assert re.findall(r'name="wish" value="(\w+)"', text) == ["again"]
    assert doorstep.carla()["opted_out_at"] is not None

    doorstep.post("wish", wish="again")
    text = doorstep.get(f"{doorstep.token}?done=wish").text
    assert ENGLISH.undone in text
    assert re.findall(r'name="wish" value="(\w+)"', text) == ["less", "stop"]
    assert doorstep.carla()["opted_out_at"] is None


def test_a_confirmation_is_said_only_of_what_is_so(doorstep: Doorstep) -> None:
    doorstep.post("wish", wish="stop")
    assert ENGLISH.undone not in doorstep.get(f"{doorstep.token}?done=wish").text
    assert ENGLISH.kept not in doorstep.get(f"{doorstep.token}?done=comment").text


def test_what_came_too_late_is_said_and_not_stored(doorstep: Doorstep) -> None:
    doorstep.agency.now.move(days=7)
    shown, answer = doorstep.get(doorstep.token), doorstep.post("answer", score=4)

    assert (shown.status_code, answer.status_code) == (200, 410)
    assert ENGLISH.page_closed in shown.text
    assert answer.text.count(ENGLISH.page_closed) == 1
    assert 'name="score"' not in shown.text
    assert 'name="wish"' in shown.text
    assert doorstep.replies() == []


def test_an_answer_that_can_be_changed_no_more_still_takes_a_comment(doorstep: Doorstep) -> None:
    doorstep.post("answer", score=4)
    doorstep.agency.now.move(days=8)
    text = doorstep.get(doorstep.token).text

    assert "Your answer: Satisfied" in text
    assert 'name="score"' not in text
    assert doorstep.post("comment", comment="late").status_code == 303
    assert doorstep.post("answer", score=1).status_code == 410
    assert (doorstep.reply()["score"], doorstep.reply()["comment"]) == (4, "late")


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


def test_the_scale_of_an_instrument_without_names_says_what_its_ends_mean(doorstep: Doorstep) -> None:
    token = doorstep.link(doorstep.asked(instrument="nps", wording_version="nps-en-1"))
    text = doorstep.get(token).text

    assert re.findall(r'name="score" value="(\d+)"', text) == [str(score) for score in range(11)]
    assert "<bdi>0</bdi> = Not at all" in text
    assert "<bdi>10</bdi> = Extremely" in text
    doorstep.send("POST", f"{token}/answer", data={"score": 10})
    assert "Your answer: 10" in doorstep.get(token).text


def test_an_anonymous_survey_says_so(doorstep: Doorstep) -> None:
    doorstep.agency.set(tables.survey, is_anonymous=True, salt="grain")
    text = doorstep.get(doorstep.token).text
    assert ENGLISH.page_anonymous in text
    assert ENGLISH.page_privacy not in text


def test_a_page_is_in_the_surveys_language(doorstep: Doorstep) -> None:
    token = doorstep.link(doorstep.asked(locale="de", wording_version="csat-de-1"))
    text = doorstep.get(token, **{"Accept-Language": "en"}).text
    assert '<html lang="de" dir="ltr">' in text
    assert "Wie zufrieden waren Sie?" in text


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en", "en"),
        ("en-GB,en;q=0.8", "en"),
        ("tlh, en;q=0.1", "en"),
        ("tlh", None),
        ("en;q=0", None),
        ("en;q=nan", None),
        ("en;q=often", None),
        ("", None),
        ("*", None),
        (",;q=;;" * 50, None),
    ],
)
def test_whose_language_is_not_known_is_answered_as_their_browser_wishes(header: str, language: str | None) -> None:
    assert wished(header) == language


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
