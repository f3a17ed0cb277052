"""Whatever stands in a payload that bears Slack's signature: it is answered in time and in words, and nothing that
nobody said is stored."""

import inspect
import json
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import urlencode

import pytest
from httpx import Response
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

import bot.listeners
from bot.desk.verbs import VERBS
from bot.manifest import EVENTS
from kpi.store import tables
from sandbox.server import SandboxConfig, start
from tests.conftest import new_database
from tests.fuzzing import examples, look
from tests.letters import ASKED, UNHEARD, Letter, PostOffice
from tests.scribbler import failures, rubbish
from tests.seal import signature
from tests.test_house import Recorder, Whatever
from tests.twisting import CHANGES, Change, twisted
from tests.whole_bot import FORM, JSON, SECRET, whole_bot
from tests.world import AT_ONCE

ACK_SECONDS = 3.0
SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{1,30}")


@pytest.fixture(scope="module")
def office(postgres_url: str, migrated_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostOffice]:
    """One for all examples: what one of them stored, the next finds."""
    folder = tmp_path_factory.mktemp("letters")
    with (
        new_database(postgres_url, template=migrated_template) as url,
        start(SandboxConfig(trigger_seconds=600)) as slack,
        whole_bot(slack.api_url, url, folder, surveys=AT_ONCE) as whole,
    ):
        yield PostOffice(whole, slack)


def is_well(office: PostOffice, send: Callable[[], Response]) -> tuple[Response, list[str]]:
    """The answer, which came in time, and how listeners failed that apologised; nothing was raised past them."""
    with capture_logs() as logged:
        began = time.monotonic()
        answer = send()
        took = time.monotonic() - began
    failed = failures(logged)
    assert answer.status_code in (200, 400, 401, 404, 413), answer.text
    assert took < ACK_SECONDS
    assert [each for each in failed if not each.startswith("listener_failed")] == []
    assert rubbish(office.bot.rows, office.bot.settings.policy) == []
    assert strange_ids(office) == []
    return answer, failed


IDS = (
    *((table, "channel_id") for table in (tables.channel, tables.talk, tables.account)),
    *((table, "slack_user_id") for table in (tables.person, tables.contact, tables.owner)),
)


def strange_ids(office: PostOffice) -> list[str]:
    """What is stored as the id of a channel or a person, and cannot be one."""
    found = [(f"{table}", row[column]) for table, column in IDS for row in office.bot.rows(table)]
    return [f"{table}: {each!r}" for table, each in found if each is not None and not SLACK_ID.fullmatch(each)]


def heard(letter: Letter) -> tuple[str, str]:
    """What kind of listener a letter is for, and by which name it is found."""
    body = letter.body
    if "command" in body:
        return "command", body["command"]
    if body.get("type") == "event_callback":
        return "event", body["event"]["type"]
    if body.get("type") == "block_actions":
        return "action", body["actions"][0]["action_id"]
    kinds = {"view_submission": "view", "block_suggestion": "options", "shortcut": "global_shortcut"}
    kind = kinds.get(body.get("type", ""), "message_shortcut")
    return kind, body["view"]["callback_id"] if kind == "view" else body.get("action_id") or body.get("callback_id", "")


def test_there_is_a_letter_for_every_listener_every_event_and_every_verb(office: PostOffice) -> None:
    recorder = Recorder()
    takes = list(inspect.signature(bot.listeners.register_all).parameters)[1:]
    register_all: Callable[..., None] = bot.listeners.register_all
    register_all(recorder, *(Whatever() for _ in takes))
    sent = {heard(letter) for letter in office.letters()}
    registered = {(kind, name) for kind, names in recorder.names.items() for name in names}
    assert [
        one
        for one in registered
        if not any(kind == one[0] and re.fullmatch(re.compile(one[1]), name) for kind, name in sent)
    ] == []
    assert {event.partition(".")[0] for event in EVENTS} <= {name for kind, name in sent if kind == "event"}
    assert set(ASKED) == set(VERBS)


def test_every_letter_as_slack_writes_it_is_answered_well(office: PostOffice) -> None:
    for letter in office.letters():
        answer, failed = is_well(office, partial(office.send, letter))
        assert failed == [], letter.name
        is_heard = letter.name not in [f"event {name}" for name in UNHEARD]
        assert answer.status_code == (200 if is_heard else 404), letter.name


def test_what_nobody_listens_to_leaves_no_line_in_the_log(office: PostOffice, caplog: pytest.LogCaptureFixture) -> None:
    unheard = [letter for letter in office.letters() if letter.name.removeprefix("event ") in UNHEARD]
    for letter in unheard:
        office.send(letter)
    assert len(unheard) == len(UNHEARD)
    assert caplog.text == ""


@examples(200, 8000)
def test_no_letter_with_anything_in_the_place_of_anything_makes_us_stumble(office: PostOffice, count: int) -> None:
    kinds = [(make, number) for make in office.kinds() for number in range(len(make()))]

    @given(st.integers(0, len(kinds) - 1), CHANGES)
    def holds(kind: int, changes: list[Change]) -> None:
        make, number = kinds[kind]
        letter = make()[number]
        body = twisted(letter.body, changes)
        is_well(office, lambda: office.send(letter, body))

    look(holds, count)


def sealed_wrongly(letter: Letter, tear: int) -> tuple[bytes, str]:
    """A letter whose envelope is not what Slack uses."""
    content, kind = letter.sealed(letter.body)
    whole = json.dumps(letter.body)
    ways: tuple[tuple[bytes, str], ...] = (
        (content, JSON if kind == FORM else FORM),
        (content, ""),
        (content, "multipart/form-data; boundary=x"),
        (content, f"{kind}; charset=utf-16"),
        (content + b"&" + content, kind),
        (content[: tear % len(content)], kind),
        (content[tear % len(content) :], kind),
        (content + b"\xff\xfe", kind),
        (b"\xef\xbb\xbf" + content, kind),
        (content.replace(b"a", b"\xed\xa0\x80"), kind),
        (b"payload=" + whole.encode() + b"&payload=" + whole.encode(), FORM),
        (urlencode({"payload": whole, "command": "/kpi", "text": "csat"}).encode(), FORM),
        (urlencode({"payload": whole[: tear % len(whole)]}).encode(), FORM),
        (urlencode({"payload": "[" * 100_000}).encode(), FORM),
        (urlencode({"payload": '{"type": "block_actions", "user": ' + "9" * 5000 + "}"}).encode(), FORM),
        (urlencode({"payload": whole[:-1] + ', "user": null, "user": {"id": "U0ANNA"}}'}).encode(), FORM),
        (whole.encode("utf-16"), JSON),
        (b"x" * 1_000_001, kind),
    )
    return ways[tear % len(ways)]


@examples(75, 3000)
def test_no_letter_in_a_wrong_envelope_makes_us_stumble(office: PostOffice, count: int) -> None:
    size = len(office.letters())

    @given(st.integers(0, size - 1), st.integers(0, 20_000))
    def holds(number: int, tear: int) -> None:
        content, kind = sealed_wrongly(office.letters()[number], tear)
        is_well(office, lambda: office.bot.send(content, kind))

    look(holds, count)


def is_text(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@examples(75, 3000)
def test_no_bytes_make_us_stumble(office: PostOffice, count: int) -> None:
    words = st.sampled_from(
        (b"payload=", b"command=%2Fkpi", b"&", b"=", b"{", b'"type"', b":", b"}", b"[", b"%00", b"\xff")
    )
    bodies = st.lists(words | st.binary(max_size=8), max_size=12).map(b"".join)

    @given(bodies, st.sampled_from((FORM, JSON, "", "text/plain", "application/json; charset=\xff")))
    def holds(body: bytes, kind: str) -> None:
        answer, _ = is_well(office, lambda: office.bot.send(body, kind))
        assert answer.status_code in (200, 400, 404) or not is_text(body)

    look(holds, count)


HEADERS = ("x-slack-signature", "x-slack-request-timestamp")
NUMBERS = ("", "0", "-1", "9" * 30, "1e9", "nan", "inf", "\u00b2", "now", " 1", "\xff", "0x10")
RETRIES = st.fixed_dictionaries(
    {},
    optional={
        "x-slack-retry-num": st.sampled_from(NUMBERS),
        "x-slack-retry-reason": st.sampled_from(("http_timeout", "", "\xff")),
        "user-agent": st.just("\xe9"),
        "content-encoding": st.just("gzip"),
        "transfer-encoding": st.just("chunked"),
        "cookie": st.just("=;=; a"),
        "expect": st.just("100-continue"),
    },
)


@examples(50, 3000)
def test_no_signature_but_slacks_opens_the_door_and_no_other_header_closes_it(office: PostOffice, count: int) -> None:
    letter = office.command("help")
    content, kind = letter.sealed(letter.body)
    now = str(int(time.time()))
    genuine = signature(SECRET, content, now)
    forged = st.sampled_from((genuine[:-1], genuine + "0", genuine.upper(), "v0=", "", "v1" + genuine[2:], "v0=\xe9"))
    late = st.sampled_from((*NUMBERS, str(int(now) - 301), str(int(now) + 301), now + ".0"))

    @given(forged | st.none(), late | st.none(), RETRIES)
    def holds(sealed: str | None, at: str | None, more: dict[str, str]) -> None:
        changed = {name: value for name, value in zip(HEADERS, (sealed, at), strict=True) if value is not None}
        headers = {name: value.encode("utf-8") for name, value in {**more, **changed}.items()}
        answer, _ = is_well(office, lambda: office.bot.send(content, kind, headers))
        assert answer.status_code == (401 if changed else 200), answer.text

    look(holds, count)


def test_a_letter_without_its_signature_is_not_read(office: PostOffice) -> None:
    answer = office.bot.client.post("/slack/events", content=b"payload=%7B", headers={"content-type": FORM})
    assert answer.status_code == 401
