"""The demo's pieces: its clock, its patience, its portfolio's dates, and Slack's blocks as lines of a terminal."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from bot.blocks.parts import actions, button, context, divider, header, plain, section
from bot.blocks.reader import Reader
from bot.demo.clock import DemoClock, next_monday, opening
from bot.demo.patience import Missed, Patience
from bot.demo.portfolio import CLIENTS, months_before
from bot.demo.transcript import Transcript
from bot.demo.words import Words

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 20, 9, tzinfo=UTC)
WORDS = Words({"U0CARLA": "Carla Client", "C0ACME": "#shared-acme"}, Reader("en", BERLIN))


def read(*blocks: dict[str, Any]) -> list[str]:
    return [line.plain for line in WORDS.blocks(list(blocks))]


def test_the_clock_runs_on_and_jumps_forward_but_never_back() -> None:
    clock = DemoClock(START)
    assert START <= clock() < START + timedelta(seconds=30)
    clock.move(timedelta(hours=3))
    assert clock() >= START + timedelta(hours=3)
    clock.move_to(START)
    assert clock() >= START + timedelta(hours=3)


def test_the_demo_begins_on_a_friday_at_ten_and_its_monday_is_three_days_later_whatever_the_zone() -> None:
    for zone in (BERLIN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/St_Johns")):
        begins = opening(zone)
        assert begins.utcoffset() == timedelta(0)
        assert f"{begins.astimezone(zone):%a %H:%M}" == "Fri 10:00"
        monday = next_monday(begins, zone).astimezone(zone)
        assert (f"{monday:%a %H:%M}", monday.date() - begins.astimezone(zone).date()) == ("Mon 09:00", timedelta(3))


def test_waiting_ends_with_what_was_found() -> None:
    found = iter([None, "", "here"])
    assert Patience().until("It", lambda: next(found)) == "here"


def test_waiting_in_vain_is_one_sentence() -> None:
    with pytest.raises(Missed, match=r"^The survey did not come within 0\.01 seconds\.$"):
        Patience(seconds=0.01).until("The survey", lambda: None)


def test_waiting_ends_at_once_when_the_demo_is_ended() -> None:
    over = Event()
    over.set()
    with pytest.raises(Missed, match="ended before it was through"):
        Patience(over, seconds=3600).until("It", lambda: None)


def test_months_are_counted_back_over_the_turn_of_the_year() -> None:
    assert months_before(date(2026, 3, 31), 0) == date(2026, 3, 1)
    assert months_before(date(2026, 3, 31), 3) == date(2025, 12, 1)
    assert months_before(date(2026, 3, 31), 38) == date(2023, 1, 1)


def test_nobody_in_the_portfolio_answers_after_having_left_and_no_score_leaves_its_scale() -> None:
    for client in CLIENTS:
        assert all(1 <= int(score, 16) <= 5 for score in client.csat + client.csat_before)
        assert all(0 <= int(score, 16) <= 10 for score in client.nps + client.nps_before)
        assert client.ended is None or client.csat + client.nps == ""


def test_slacks_marks_become_readable_words() -> None:
    said = section("*Logged* for <@U0CARLA> &amp; co, see `/kpi log`:\n>How &lt;satisfied&gt;?")
    assert read(said) == ["Logged for @Carla Client & co, see /kpi log:", "▏How <satisfied>?"]
    assert read(section("<@U0GONE> ~ 3 * 4")) == ["@U0GONE ~ 3 * 4"]


def test_every_block_of_ours_is_shown_line_by_line() -> None:
    row = actions("row", button("1", "one"), button("Add a comment", "two"))
    assert read(header("Digest"), context("n = 5", "met"), divider(), row) == [
        "Digest", "n = 5", "met", "", "[ 1 ] [ Add a comment ] ",
    ]  # fmt: skip


def test_a_form_shows_its_fields_with_what_stands_in_them() -> None:
    chosen = {"type": "static_select", "initial_option": {"text": plain("Acme GmbH"), "value": "1"}}
    when = {"type": "datetimepicker", "initial_date_time": int(START.timestamp())}
    fields = {"Account": chosen, "When": when, "Why?": {"type": "plain_text_input"}}
    blocks = [{"type": "input", "label": plain(label), "element": element} for label, element in fields.items()]
    view = {"title": plain("Log"), "submit": plain("Send"), "close": plain("Cancel"), "blocks": blocks}
    assert [line.plain for line in WORDS.form(view)] == [
        "Account: Acme GmbH", "When: Nov 20, 2026, 10:00 CET", "Why? …", "[ Send ] [ Cancel ] ",
    ]  # fmt: skip


def test_the_transcript_is_plain_and_keeps_its_margin_where_lines_are_long() -> None:
    page = StringIO()
    told = Transcript(Console(file=page, width=40), WORDS)
    told.step("The client is asked in the shared channel at once")
    told.sees({"channel": "C0ACME", "text": "How satisfied were you with your latest contact with us?"})
    told.sees({"channel": "D1", "text": "Sent [bold]as written[/bold]", "ephemeral_to": None})
    assert page.getvalue().splitlines() == [
        "",
        "1. The client is asked in the shared",
        "   channel at once",
        "  ┌ #shared-acme · kpibot · everybody in",
        "  ┌ it sees this",
        "  │ How satisfied were you with your",
        "  │ latest contact with us?",
        "  ┌ direct message · kpibot",
        "  │ Sent [bold]as written[/bold]",
    ]
