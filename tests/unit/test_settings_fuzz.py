"""The shipped files with anything in the place of anything: they can be used, or it is said where they cannot."""

from collections.abc import Callable
from time import thread_time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import SettingsFault
from bot.settings.faults import Fault
from bot.settings.files import NAMES, shipped_dir
from tests.configured import Folder
from tests.fuzzing import examples, look
from tests.scribbler import GONE
from tests.twisting import Change, some_changes, twisted

CPU_SECONDS = 5.0
"""The largest of the files below take 2 s; the rest is for a collection of garbage in between."""
TEXTS = {name: (shipped_dir() / f"{name}.yaml").read_text() for name in NAMES}
TREES: dict[str, Any] = {name: yaml.safe_load(text) for name, text in TEXTS.items()}
VALUES = st.sampled_from(
    (
        *(
            GONE,
            None,
            True,
            0,
            -1,
            1.5,
            10**17,
            10**400,
            "",
            " ",
            "x" * 5000,
            "24h",
            "-1d",
            "99999999d",
            "mon-fri",
            "0-5",
        ),
        *(
            "Europe/Berlin",
            "../../etc/passwd",
            "EUR",
            "csat",
            "{name}",
            "{0.__class__}",
            "%s",
            "\u202eabc",
            "é",
            "\x85",
        ),
        *("2026-02-30", "25:00", "09:00-08:00", "1e400", ".inf", ".nan", "0x10", "010", "=1+1", "💥" * 50, "\ud800"),
        *([], {}, [None], [[]], {"": ""}, {"a": {"a": {"a": 1}}}, [1, "1", 1.0], ["mon"] * 300, {"csat": 1, "nps": 1}),
    )
) | st.text(max_size=8)
Tear = Callable[[str, int], bytes]
TEARS: tuple[Tear, ...] = (
    lambda text, at: text[:at].encode(),
    lambda text, at: (text[:at] + "\t" + text[at:]).encode(),
    lambda text, at: (text[:at] + "\n  " + text[at:]).encode(),
    lambda text, at: (text[:at] + ": " + text[at:]).encode(),
    lambda text, at: (text[:at] + '"' + text[at:]).encode(),
    lambda text, at: (text[:at] + "\x00" + text[at:]).encode(),
    lambda text, at: (text[:at] + "\n---\n" + text[at:]).encode(),
    lambda text, at: (text[:at] + " &a [*a] " + text[at:]).encode(),
    lambda text, at: (text[:at] + "!!python/name:os.system " + text[at:]).encode(),
    lambda text, at: (text[:at] + "{" * 3000 + text[at:]).encode(),
    lambda text, at: text[:at].encode() + b"\xff\xfe" + text[at:].encode(),
    lambda text, _: b"\xef\xbb\xbf" + text.encode(),
    lambda text, _: text.encode("utf-16"),
    lambda text, _: text.replace("\n", "\r").encode(),
    lambda text, _: text.replace("\n", "\u2028").encode(),
    lambda text, _: (text + text).encode(),
    lambda text, _: text.replace("  ", " ").encode(),
    lambda text, _: ("? " * 5000 + text).encode(),
    lambda _, at: ("- " * at).encode(),
    lambda _, at: ("a: [" + "[], " * (at * 10) + "]").encode(),
    lambda _, at: ("".join(f"k{number}: {{x: 1}}\n" for number in range(at % 20_000))).encode(),
    lambda _, at: ("a" * (at * 20)).encode(),
    lambda _, at: ("&a" + "\n- *a" * at).encode(),
)


def faults(folder: Folder) -> tuple[Fault, ...]:
    """What an operator reads; anything but faults comes through."""
    try:
        folder.load()
    except SettingsFault as refused:
        return refused.faults or (Fault("", 0, "refused without a word"),)
    return ()


def is_readable(folder: Folder, name: str) -> None:
    began = thread_time()
    found = faults(folder)
    assert thread_time() - began < CPU_SECONDS
    for fault in found:
        assert fault.place == f"config/{name}.yaml"
        assert fault.line > 0 or "larger than" in fault.sentence, fault
        assert fault.sentence.isprintable()
        assert len(fault.sentence) < 500
        assert "Input should" not in fault.sentence


@examples(30, 1500)
def test_no_value_anywhere_in_a_file_makes_us_stumble(folder: Folder, count: int) -> None:
    @given(st.sampled_from(NAMES), some_changes(VALUES))
    def holds(name: str, some: list[Change]) -> None:
        written = yaml.safe_dump(twisted(TREES[name], some), allow_unicode=False, sort_keys=False)
        for each in NAMES:
            (folder.config / f"{each}.yaml").unlink(missing_ok=True)
        folder.write(**{name: written})
        is_readable(folder, name)

    look(holds, count)


@pytest.mark.parametrize("name", NAMES)
def test_thousands_of_unknown_keys_are_told_of_in_good_time(folder: Folder, name: str) -> None:
    many = "".join(f"k{number}: {{x: {number}}}\n" for number in range(7_000))
    folder.write(**{name: many})
    is_readable(folder, name)
    assert len(faults(folder)) >= 7_000


@examples(30, 1500)
def test_no_tear_in_a_file_makes_us_stumble(folder: Folder, count: int) -> None:
    @given(st.sampled_from(NAMES), st.sampled_from(TEARS), st.integers(0, 20_000))
    def holds(name: str, tear: Tear, at: int) -> None:
        for each in NAMES:
            (folder.config / f"{each}.yaml").unlink(missing_ok=True)
        folder.write(**{name: tear(TEXTS[name], at % len(TEXTS[name]))})
        is_readable(folder, name)

    look(holds, count)
