"""What stands behind a value, and what must not."""

from collections import Counter
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.metrics.listing import Row, tallied
from kpi.metrics.measure import FEWEST_ANSWERS


def counts(figure: object) -> Counter[str]:
    """How often each answer was given."""
    assert isinstance(figure, Mapping)
    return Counter(figure)


def counted(row: Row) -> int:
    """How many answers a line tells of."""
    n = row[1][0]
    assert isinstance(n, int)
    return n


answers = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 10)), max_size=60)


@given(answers)
def test_no_list_tells_what_fewer_than_five_answers_were_not_even_by_taking_one_line_from_the_whole(
    found: list[tuple[int, int]],
) -> None:
    told = tallied("scores", found, FEWEST_ANSWERS)
    shown = [row for row in told.rows if isinstance(row[0], int)]
    assert all(counted(row) >= FEWEST_ANSWERS for row in shown)
    left = len(found) - sum(map(counted, shown))
    assert left == 0 or left >= FEWEST_ANSWERS or not shown
    for _, (_, scores) in told.rows:
        assert scores is None or sum(counts(scores).values()) >= FEWEST_ANSWERS


@given(answers)
def test_every_answer_is_in_exactly_one_line(found: list[tuple[int, int]]) -> None:
    told = tallied("scores", found, 1)
    assert sum(map(counted, told.rows)) == len(found)
    together = sum((counts(row[1][1]) for row in told.rows), Counter[str]())
    assert together == Counter(str(score) for _, score in found)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({1: 9, 2: 6}, [1, 2]),
        ({1: 9, 2: 6, 3: 2}, [1, "2 more accounts together"]),
        ({1: 9, 2: 4, 3: 2}, [1, "2 more accounts together"]),
        ({1: 6, 2: 3}, ["2 accounts together"]),
        ({1: 3}, ["1 account together"]),
    ],
)
def test_accounts_that_said_little_are_told_of_together_with_one_more_where_need_be(
    said: dict[int, int], names: list[object]
) -> None:
    found = [(account, 5) for account, count in said.items() for _ in range(count)]
    assert [row[0] for row in tallied("scores", found, FEWEST_ANSWERS).rows] == names


def test_scores_stand_by_size_and_words_by_letter() -> None:
    told = tallied("scores", [(1, score) for score in (9, 10, 2, 9, 10)], 5)
    assert list(counts(told.rows[0][1][1]).items()) == [("10", 2), ("9", 2), ("2", 1)]
    fates = tallied("offers", [(1, "won"), (1, "lost"), (1, "won")], 1)
    assert list(counts(fates.rows[0][1][1]).items()) == [("lost", 1), ("won", 2)]
