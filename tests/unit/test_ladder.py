"""A message on a lower rung says what it said: every figure, sentence and button, within Slack's limits."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.chart import can_draw, line_chart, pie_chart
from bot.blocks.grid import Cell, Number, data_table, strip
from bot.blocks.ladder import RUNGS, has_native, lower, lowered
from bot.blocks.limits import faults
from bot.blocks.parts import actions, button, context, escape, section

Block = dict[str, Any]
TREND = line_chart("CSAT by month", ["Aug", "Sep"], {"CSAT": [88, 91.26], "target": [90, 90]}, "percent")
TABLE = data_table("Churn by account", ["Account", "Churn"], [["Acme & Co", Number(1234.5, "1.3%")], ["Borealis", "–"]])
STRIP = strip("This quarter", [("CSAT", "88%"), ("NPS", "41")])
VERDICT, PRESS = section("*CSAT is 88%.*"), actions("more", button("Explain", "explain"))


def card(*blocks: Block) -> dict[str, Any]:
    return {"text": "CSAT is 88%.", "channel": "C0TEAM", "blocks": list(blocks)}


def kinds(payload: dict[str, Any]) -> list[str]:
    return [block["type"] for block in payload["blocks"]]


def said(payload: dict[str, Any]) -> str:
    return "\n".join(_texts(payload["blocks"]))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["text"]] if isinstance(node.get("text"), str) else [])
        node = list(node.values())
    for child in node if isinstance(node, list) else ():
        yield from _texts(child)


def test_on_the_native_rung_and_on_an_unknown_one_nothing_changes() -> None:
    full = card(VERDICT, TREND, TABLE, STRIP, PRESS)
    assert lowered(full, "native") == lowered(full, "unknown") == full


def test_on_the_table_rung_the_first_figures_become_a_table_and_the_others_lines() -> None:
    plain = lowered(card(VERDICT, TREND, TABLE, PRESS), "table")
    assert kinds(plain) == ["section", "section", "table", "section", "actions"]
    shown = [[cell["text"] for cell in row] for row in plain["blocks"][2]["rows"]]
    assert shown == [["–", "CSAT", "target"], ["Aug", "88", "90"], ["Sep", "91.26", "90"]]
    assert plain["blocks"][1]["text"]["text"] == "*CSAT by month (percent)*"
    assert plain["blocks"][3]["text"]["text"] == (
        "*Churn by account*\n```\nAccount    Churn\nAcme &amp; Co   1.3%\nBorealis       –\n```"
    )


def test_on_the_text_rung_only_text_is_left() -> None:
    plain = lowered(card(VERDICT, STRIP, TREND, PRESS), "text")
    assert kinds(plain) == ["section", "section", "section", "actions"]
    assert plain["blocks"][1]["fields"][1]["text"] == "NPS\n*41*"
    assert plain["blocks"][2]["text"]["text"] == (
        "*CSAT by month (percent)*\n```\n      CSAT  target\nAug     88      90\nSep  91.26      90\n```"
    )


def test_lines_a_phone_would_break_become_sentences() -> None:
    series = {f"Segment number {number}": [number, number + 0.5] for number in range(6)}
    plain = lowered(card(line_chart("Churn", ["Aug", "Sep"], series)), "text")
    assert "• Aug: Segment number 0 0 · Segment number 1 1 ·" in said(plain)


def test_a_pie_keeps_its_shares() -> None:
    plain = said(lowered(card(pie_chart("Mood", {"Promoters": 12, "Detractors": 3})), "text"))
    assert "Promoters   12" in plain
    assert "Detractors   3" in plain


def test_a_long_table_is_cut_with_a_count_rather_than_refused() -> None:
    rows: list[list[Cell]] = [[f"Account {number} " + "x" * 80, Number(number, str(number))] for number in range(180)]
    full = card(VERDICT, data_table("Churn", ["Account", "Churn"], rows), PRESS)
    table, text = lowered(full, "table"), lowered(full, "text")
    assert "Churn (first 99 of 180)" in said(table)
    assert "of 180)" in said(text)
    assert (faults(table), faults(text)) == ((), ())


def test_a_message_without_native_blocks_is_the_same_on_every_rung() -> None:
    plain = card(VERDICT, context("n=12"), PRESS)
    assert not has_native(plain)
    assert all(lowered(plain, rung) == plain for rung in RUNGS)


@pytest.mark.parametrize(("rung", "next_one"), [("unknown", "table"), ("native", "table"), ("table", "text")])
def test_the_rungs_go_down_in_order(rung: str, next_one: str) -> None:
    assert lower(rung) == next_one
    assert lower("text") is None


NAMES = st.text(min_size=1, max_size=40)
FIGURES = st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9)


@st.composite
def trends(draw: st.DrawFn) -> Block:
    names = draw(st.lists(NAMES, min_size=1, max_size=20))
    series = {f"s{i}": draw(st.lists(FIGURES, min_size=len(names), max_size=len(names))) for i in range(draw(WIDTHS))}
    assert can_draw(names, series)
    return line_chart(draw(NAMES), names, series)


WIDTHS = st.integers(1, 3)
ROWS = st.lists(st.tuples(NAMES, FIGURES), min_size=1, max_size=25)
TABLES = ROWS.map(
    lambda rows: data_table("By account", ["Account", "Churn"], [[n, Number(v, f"{v:.1f}%")] for n, v in rows])
)
STRIPS = st.lists(st.tuples(NAMES, FIGURES.map(str)), min_size=1, max_size=8).map(lambda cells: strip("Now", cells))
CARDS = st.lists(trends(), max_size=2).flatmap(
    lambda charts: st.tuples(TABLES, STRIPS).map(lambda more: card(VERDICT, *charts, *more, PRESS))
)


def native_figures(payload: dict[str, Any]) -> Iterator[str]:
    for block in payload["blocks"]:
        if block["type"] == "data_visualization":
            points = (point for series in block["chart"]["series"] for point in series["data"])
            yield from (str(point["value"]) for point in points)
        if block["type"] == "data_table":
            yield from (cell["text"] for row in block["rows"] for cell in row if cell["type"] == "raw_number")
        if block["type"] == "layout":
            yield from (
                item["block"]["text"]["text"].rpartition("\n")[2] for row in block["rows"] for item in row["items"]
            )


@given(CARDS)
def test_any_card_on_any_rung_is_taken_and_keeps_every_figure(full: dict[str, Any]) -> None:
    for rung in RUNGS:
        plain = lowered(full, rung)
        assert faults(plain) == ()
        assert plain["text"] == full["text"]
        assert (plain["blocks"][0], plain["blocks"][-1]) == (VERDICT, PRESS)
        shown = said(plain) + json.dumps(plain["blocks"], ensure_ascii=False)
        lost = [figure for figure in native_figures(full) if figure not in shown and escape(figure) not in shown]
        assert rung == "native" or lost == []
    assert not {"data_visualization", "data_table", "layout", "table"} & set(kinds(lowered(full, "text")))
