"""The page over HTTP: what it shows, what it stores, and what it turns away."""

import re
from urllib.parse import urljoin

import pytest

from bot.tongues import spoken
from bot.web.survey_page.tongue import wished
from kpi.services.surveys.words import COMMENT_CHARS
from kpi.store import tables
from kpi.store.store import Store
from tests.doorstep import PUBLIC, SAFE, Doorstep

ENGLISH = spoken("en")


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
    assert "<h1>Your answer: Satisfied</h1>" in doorstep.get(doorstep.token).text
    assert "<p>Thank you!</p>" in doorstep.get(doorstep.token).text
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
    assert "it has 3,001 characters, and 3,000 is the limit" in answer.text
    assert "x" * (COMMENT_CHARS + 1) in answer.text
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
