"""The page: a person can read, type, click and fill in a form, and nothing anyone wrote becomes markup."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import httpx
import pytest

from sandbox.client import Control
from sandbox.render import Canvas
from sandbox.seed import seed_world
from sandbox.server import Sandbox, SandboxConfig, start
from sandbox.values import KINDS
from tests.integration.sandbox_bench import Bench, actions, button, connected, modal, question, text, web_client


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Sandbox, Bench]]:
    with start(SandboxConfig()) as slack, connected(Bench(slack), slack, "http") as bench:
        yield slack, bench


@pytest.fixture
def bench(running: tuple[Sandbox, Bench]) -> Bench:
    with Control(running[0].url) as control:
        control.post("reset")
    running[1].heard.queue.clear()
    return running[1]


@pytest.fixture
def browser(running: tuple[Sandbox, Bench], bench: Bench) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running[0].url, follow_redirects=True, trust_env=False) as browser:
        yield browser


def seen(browser: httpx.Client, user: str = "U0ANNA", channel: str = "C0TEAM") -> str:
    answer = browser.get("/", params={"user": user, "channel": channel})
    assert answer.status_code == 200
    return answer.text


def done(browser: httpx.Client, user: str = "U0ANNA", channel: str = "C0TEAM", **fields: Any) -> str:
    return browser.post("/_page/do", data={"user": user, "channel": channel, **fields}).text


def clicks(page: str) -> list[str]:
    return [unescape(value) for value in re.findall(r'name="click" value="([^"]*)"', page)]


def test_a_person_types_a_command_and_sees_the_answer_marked_as_theirs(browser: httpx.Client) -> None:
    page = done(browser, text="/kpi csat this month")
    assert "You asked for csat this month" in page
    assert "only Anna Arendt sees this" in page


def test_a_person_writes_a_message_and_the_app_hears_it(browser: httpx.Client, bench: Bench) -> None:
    assert "Good morning" in done(browser, text="Good morning")
    assert bench.next()["event"]["text"] == "Good morning"


def test_a_person_sees_only_their_channels(browser: httpx.Client) -> None:
    assert "#shared-acme" in seen(browser)
    clients = seen(browser, "U0CARLA", "C0ACME")
    assert "#account-team" not in clients
    assert "#shared-acme" in seen(browser, "U0CARLA", "C0SECRET")


def test_a_client_clicks_through_to_a_form_and_is_told_what_is_wrong(
    browser: httpx.Client, bench: Bench, running: tuple[Sandbox, Bench]
) -> None:
    sent = web_client(running[0]).chat_postMessage(channel="C0ACME", text="?", blocks=[actions(button("open"))])
    here = {"user": "U0CARLA", "channel": "C0ACME"}
    page = done(browser, **here, messageTs=sent["ts"], click=clicks(seen(browser, **here))[0])
    assert 'role="dialog"' in page
    view = re.findall(r'name="viewId" value="([^"]+)"', page)[0]
    field = '["plain_text_input", "comment", "said"]'
    answered = done(browser, **here, viewId=view, **{field: "bad"})
    assert "Say more" in answered
    assert 'value="bad"' in answered
    assert 'role="dialog"' not in done(browser, **here, viewId=view, **{field: "All good"})


def test_a_select_in_a_message_can_be_chosen(
    browser: httpx.Client, bench: Bench, running: tuple[Sandbox, Bench]
) -> None:
    options = [{"text": text("A week"), "value": "7"}, {"text": text("A month"), "value": "30"}]
    blocks = [actions({"type": "static_select", "action_id": "pick", "options": options})]
    sent = web_client(running[0]).chat_postMessage(channel="C0TEAM", text="?", blocks=blocks)
    click = clicks(seen(browser))[0]
    done(browser, messageTs=sent["ts"], click=click, **{'["static_select", "row", "pick"]': "30"})
    assert bench.next()["actions"][0]["selected_option"]["value"] == "30"


def test_a_select_shows_what_the_app_offers_and_what_was_chosen_before(
    browser: httpx.Client, bench: Bench, running: tuple[Sandbox, Bench]
) -> None:
    chosen = {"text": text("An old friend"), "value": "old"}
    select = {"type": "external_select", "action_id": "find", "min_query_length": 0, "initial_option": chosen}
    done(browser, text="/kpi csat")
    form = modal(question("found", select), callback_id="pick")
    web_client(running[0]).views_open(trigger_id=bench.next()["trigger_id"], view=form)
    page = seen(browser)
    assert '<option value="old" selected>An old friend</option>' in page
    assert '<option value="second">second</option>' in page


def test_home_is_opened_by_its_link_and_shows_what_the_app_published(browser: httpx.Client, bench: Bench) -> None:
    page = browser.get("/_page/home", params={"user": "U0HEAD"}).text
    assert "App Home" in page
    assert clicks(page) == ['["open", "' + clicks(page)[0].split('"')[3] + '", "1"]']


def test_the_page_says_why_something_cannot_be_done(browser: httpx.Client) -> None:
    page = done(browser, "U0CARLA", "C0ACME", text="/kpi csat")
    assert "belongs to another organisation" in page


def test_a_shortcut_runs_from_the_page(browser: httpx.Client, bench: Bench) -> None:
    done(browser, callback_id="log")
    assert bench.next()["type"] == "shortcut"


def pie(label: str) -> dict[str, Any]:
    return {"type": "pie", "segments": [{"label": label, "value": 41}, {"label": "others", "value": 1}]}


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "<b>&lt;script&gt;"]
)
def test_nothing_anyone_writes_becomes_markup(
    browser: httpx.Client, running: tuple[Sandbox, Bench], hostile: str
) -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": {"type": "mrkdwn", "text": hostile}, "fields": [text(hostile)]},
        {"type": "header", "text": text(hostile)},
        {"type": "context", "elements": [text(hostile), {"type": "image", "alt_text": hostile, "image_url": "x"}]},
        {"type": "markdown", "text": hostile},
        {"type": "data_table", "caption": hostile, "rows": [[{"type": "raw_text", "text": hostile}]] * 2},
        {"type": "data_visualization", "title": hostile[:50], "chart": pie(hostile[:20])},
        actions(
            button(hostile, hostile),
            {"type": "button", "action_id": "u", "url": "javascript:alert(1)", "text": text("x")},
        ),
        question("q", {"type": "plain_text_input", "action_id": "a", "initial_value": hostile}),
    ]
    web_client(running[0]).chat_postMessage(channel="C0TEAM", text=hostile, blocks=blocks)
    web_client(running[0]).chat_postMessage(channel="C0TEAM", text=hostile)
    page = seen(browser)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "javascript:" not in page


def test_slacks_own_marks_are_shown_readably(browser: httpx.Client, running: tuple[Sandbox, Bench]) -> None:
    words = "*Bold* for <@U0ANNA> in <#C0ACME>, see <https://example.org/a?b=1&amp;c=2|the report> <!here> &lt;3"
    web_client(running[0]).chat_postMessage(channel="C0TEAM", text=words)
    page = seen(browser)
    assert "<b>Bold</b> for <b>@Anna Arendt</b> in <b>#shared-acme</b>" in page
    assert '<a href="https://example.org/a?b=1&amp;c=2" rel="noreferrer">the report</a> <b>@here</b> &lt;3' in page


def test_the_version_changes_when_there_is_something_new(browser: httpx.Client, bench: Bench) -> None:
    before = browser.get("/_page/version", params={"user": "U0ANNA"}).text
    done(browser, text="new")
    assert browser.get("/_page/version", params={"user": "U0ANNA"}).text != before


def test_a_date_and_time_is_meant_in_the_persons_own_zone(
    browser: httpx.Client, bench: Bench, running: tuple[Sandbox, Bench]
) -> None:
    blocks = [question("when", {"type": "datetimepicker", "action_id": "at"}), actions(button("pick"))]
    view = web_client(running[0]).views_publish(user_id="U0HEAD", view={"type": "home", "blocks": blocks})["view"]
    click = clicks(seen(browser, "U0HEAD", "home"))[-1]
    field = '["datetimepicker", "when", "at"]'
    done(browser, "U0HEAD", "home", viewId=view["id"], click=click, **{field: "2026-11-22T10:00"})
    chosen = bench.next()["view"]["state"]["values"]["when"]["at"]["selected_date_time"]
    assert chosen == datetime(2026, 11, 22, 9, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_field_can_be_filled_in(kind: str) -> None:
    world = seed_world()
    element = {"type": kind, "action_id": "a", "options": [{"text": text("A week"), "value": "7"}]}
    shown = Canvas(world, world.users["U0ANNA"]).blocks([question("b", element)])
    assert f'name="[&quot;{kind}&quot;, &quot;b&quot;, &quot;a&quot;]"' in shown


def test_blocks_of_every_kind_are_shown_with_their_words() -> None:
    world = seed_world()
    section = {"type": "section", "text": text("inside")}
    rich = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "rich"}]}],
    }
    blocks = [
        {"type": "layout", "label": "strip", "rows": [{"items": [{"block": section}]}]},
        {"type": "container", "title": text("box"), "child_blocks": [section]},
        {"type": "alert", "text": text("careful")},
        {"type": "table", "rows": [[{"type": "raw_number", "value": 42}, rich["elements"][0]]]},
        rich,
        {"type": "card", "title": text("unusual")},
        {"type": "divider"},
    ]
    shown = Canvas(world, world.users["U0ANNA"]).blocks(blocks)
    for words in ("strip", "inside", "box", "careful", "<td>42</td>", "rich", "unusual", "<hr>"):
        assert words in shown


def test_choosing_another_person_stays_in_the_channel(browser: httpx.Client) -> None:
    assert '<input type="hidden" name="channel" value="C0ACME">' in seen(browser, channel="C0ACME")
