"""Charts, tables and strips are within Slack's limits, whatever they are made of."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.chart import area_chart, bar_chart, can_draw, distinct, line_chart, pie_chart
from bot.blocks.grid import Cell, Number, data_table, strip
from bot.blocks.limits import blocks_count, faults
from bot.blocks.parts import divider, section

Block = dict[str, Any]
ACCOUNTS: list[list[Cell]] = [["Acme", Number(1.25, "1.3%")], ["Borealis", "–"]]


def message(*blocks: Block) -> dict[str, Any]:
    return {"text": "for screen readers", "blocks": list(blocks)}


def line(**change: Any) -> Block:
    block = line_chart("CSAT", ["Aug", "Sep"], {"CSAT": [88, 91.26], "target": [90, 90]}, "percent")
    return block | {"chart": block["chart"] | change}


def table(**change: Any) -> Block:
    return data_table("Churn by account", ["Account", "Churn"], ACCOUNTS) | change


def test_a_line_has_one_point_for_each_category_at_two_decimals() -> None:
    chart = line_chart("CSAT", ["Aug", "Sep"], {"CSAT": [88.0, 91.2581]})["chart"]
    assert chart["series"] == [
        {"name": "CSAT", "data": [{"label": "Aug", "value": 88}, {"label": "Sep", "value": 91.26}]}
    ]
    assert chart["axis_config"] == {"categories": ["Aug", "Sep"]}


def test_a_category_without_a_value_is_dropped_from_every_line() -> None:
    chart = line_chart("CSAT", ["Jul", "Aug", "Sep"], {"CSAT": [88, None, 91], "target": [90, 90, 90]})["chart"]
    assert chart["axis_config"]["categories"] == ["Jul", "Sep"]
    assert [point["value"] for point in chart["series"][1]["data"]] == [90, 90]


def test_what_slack_cannot_draw_is_told_before() -> None:
    days = [str(day) for day in range(30)]
    assert not can_draw(days, {"n": list(range(30))})
    assert can_draw(days, {"n": [1] * 20 + [None] * 10})
    assert not can_draw(["Aug"], {"n": [None]})
    with pytest.raises(ValueError, match="1 to 20 categories"):
        line_chart("n", days, {"n": list(range(30))})


def test_labels_cut_alike_are_told_apart() -> None:
    names = distinct(["Borealis Software North", "Borealis Software North-East", ""])
    assert names == ["Borealis Software N…", "Borealis Software… 2", "–"]


def test_a_table_that_is_too_long_says_how_many_rows_it_leaves_out() -> None:
    rows: list[list[Cell]] = [[f"Account {number}", Number(number, str(number))] for number in range(340)]
    block = data_table("Churn by account", ["Account", "Churn"], rows)
    assert block["caption"] == "Churn by account (first 200 of 340)"
    assert len(block["rows"]) == 201
    assert faults(message(block)) == ()


def test_a_strip_counts_with_what_is_in_it() -> None:
    assert blocks_count([strip("This quarter", [("CSAT", "88%"), ("NPS", "41")])]) == 3


@pytest.mark.parametrize(
    ("payload", "fault"),
    [
        (message(line(), line(), line()), "3 data_visualization blocks, at most 2 in a message"),
        ({"type": "home", "blocks": [line()]}, "may not stand in a home"),
        (message(line(type="heatmap")), "there is no chart 'heatmap'"),
        (message(line(series=[])), "series has 0 entries"),
        (message(line(axis_config={"categories": ["Aug"]})), "has not one point for each category"),
        (message(line(axis_config={"categories": ["Aug", "Aug"]})), "two categories are alike"),
        (message(line(axis_config={"categories": ["Aug", "S" * 21]})), "category has 21 characters"),
        (message(table(page_size=0)), "page_size is not 1 to 100"),
        (message(table(caption="")), "caption is empty"),
        (message(table(rows=table()["rows"][:1])), "1 rows, allowed are 2 to 201"),
        (message(table(rows=[[{"type": "raw_text", "text": "x"}], []])), "does not have 1 to 20 cells"),
        (message(table(rows=[table()["rows"][0], table()["rows"][1][:1]])), "rows are of different lengths"),
        (message(table(rows=[[{"type": "rich_text", "elements": []}]] * 2)), "a heading is rich text"),
        (message(*[table(rows=[[{"type": "raw_text", "text": "x" * 6_000}]] * 2)] * 2), "24000 characters together"),
        (message(*[{"type": "table", "rows": table()["rows"]}] * 2), "2 table blocks, at most 1"),
        (message({"type": "layout", "label": "x", "rows": [{"items": [{}]}]}), "block is missing"),
        (message(strip("x", [("a", "b")]) | {"fallback": [section("")]}), "fallback: text: text is empty"),
        (message(*[divider()] * 30, strip("x", [("a", "b")] * 20)), "51 blocks, at most 50"),
    ],
)
def test_what_slack_would_refuse_is_named(payload: dict[str, Any], fault: str) -> None:
    assert any(fault in found for found in faults(payload)), faults(payload)


WORDS = st.text(max_size=60)
VALUES = st.none() | st.floats() | st.integers(-(10**12), 10**12)


@given(
    st.sampled_from([line_chart, bar_chart, area_chart]),
    WORDS,
    st.lists(st.tuples(WORDS, VALUES, VALUES), max_size=25),
    WORDS,
)
def test_any_chart_that_can_be_drawn_is_taken(drawn: Any, title: str, points: list[Any], unit: str) -> None:
    labels = [label for label, _, _ in points]
    series = {"it": [first for _, first, _ in points], unit + "!": [second for _, _, second in points]}
    if can_draw(labels, series):
        assert faults(message(drawn(title or "x", labels, series, unit))) == ()


@given(st.dictionaries(WORDS, st.floats(min_value=0.1, max_value=1e9), min_size=1, max_size=12))
def test_any_pie_of_up_to_twelve_shares_is_taken(segments: dict[str, float]) -> None:
    assert faults(message(pie_chart("Shares", segments))) == ()


@given(st.lists(st.tuples(st.text(max_size=400), st.floats(-1e12, 1e12)), min_size=1, max_size=250), WORDS)
def test_any_table_is_taken(rows: list[tuple[str, float]], caption: str) -> None:
    cells: list[list[Cell]] = [[name, Number(value, f"{value:g}"), "note"] for name, value in rows]
    assert faults(message(data_table(caption or "x", ["Account", "Churn", "Note"], cells))) == ()


@given(st.lists(st.tuples(st.text(max_size=200), st.text(max_size=200)), min_size=1, max_size=30), WORDS)
def test_any_strip_is_taken(cells: list[tuple[str, str]], label: str) -> None:
    assert faults(message(strip(label or "x", cells))) == ()
