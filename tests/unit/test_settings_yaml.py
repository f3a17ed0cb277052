"""Files that are no good YAML, by accident or by intent."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.settings import SettingsFault
from tests.configured import Folder

LAUGHS = "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b]\n"

UNREADABLE = [
    ("a tab", b"rates:\n\tUSD: 1\n", ":2: a tab stands where YAML allows spaces only; indent with spaces"),
    ("a colon", b"\ntimezone: Europe: Berlin\n", ':2: a ":" stands where none may; check the indentation, or put'),
    ("indentation", b"timezone: UTC\n  currency: EUR\n", ':2: a ":" stands where none may; check the indentation'),
    ("dedent", b"rates:\n    USD: 1\n  GBP: 1\n", ":3: the indentation does not fit the lines above"),
    ("no colon", b"timezone: UTC\ncurrency\nlanguage: en\n", ':3: a ":" is missing after the key'),
    ("open quote", b'timezone: "UTC\n\n', ":3: a quotation mark is opened and never closed"),
    ("open bracket", b"rates: {USD: 1\n", ":2: a bracket is opened and not closed, or a comma is missing"),
    ("two documents", b"timezone: UTC\n---\ncurrency: EUR\n", ':2: a file holds one document; remove the "---"'),
    ("at sign", b"language: @en\n", ":1: this character cannot begin a value; put the text in quotes"),
    ("latin-1", "# ok\ntimezone: Zürich\n".encode("latin-1"), ":2: is not UTF-8 text; save the file as UTF-8"),
    ("utf-16", "timezone: UTC\n".encode("utf-16"), ":1: is not UTF-8 text"),
    ("control character", b"language: en\n# \x07\n", ":2: contains a character that cannot be printed; remove it"),
    ("impossible escape", b'language: "\\UFFFFFFFF"\n', ":1: is not valid YAML"),
    ("aliases", LAUGHS.encode(), ":1: anchors and aliases (&, *) are not allowed; write the value out"),
    ("a wildcard", b"language: *\n", ":1: "),
    ("an object", b"language: !!python/object/apply:os.system [id]\n", ":1: types (!) are not allowed"),
    ("depth", b"[" * 5000, ":1: settings are nested more than 20 deep"),
    ("a list as key", b"? [a, b]\n: c\n", ":1: a key must be a single word, not a list or a group of settings"),
    ("size", b"#" * 300_000, ": is larger than 256 KiB; no configuration needs that much"),
]


@pytest.mark.parametrize(("content", "said"), [each[1:] for each in UNREADABLE], ids=[each[0] for each in UNREADABLE])
def test_a_file_that_cannot_be_read_says_where_and_why(folder: Folder, content: bytes, said: str) -> None:
    folder.write(workspace=content)

    (line,) = folder.faults()

    assert line.startswith(f"config/workspace.yaml{said}")


def test_a_broken_file_does_not_hide_the_faults_of_another(folder: Folder) -> None:
    folder.write(workspace="\tx", access="operators: 3\n", kpis="csat: {target: -1}\n")

    assert [line.split(":")[0] for line in folder.faults()] == [
        "config/access.yaml",
        "config/kpis.yaml",
        "config/workspace.yaml",
    ]


def test_a_directory_or_a_dangling_link_in_place_of_a_file_is_named(folder: Folder) -> None:
    (folder.config / "kpis.yaml").mkdir()
    (folder.config / "access.yaml").symlink_to(folder.path / "nowhere")

    assert folder.faults() == [
        "config/access.yaml: cannot be read: No such file or directory",
        "config/kpis.yaml: is a directory; a YAML file belongs here",
    ]


def test_every_repeated_key_is_reported_at_every_depth(folder: Folder) -> None:
    folder.write(kpis="csat:\n  target: 70\n  target: 75\nnps: {target: 1}\ncsat:\n  target: 80\n")

    assert folder.faults() == [
        'config/kpis.yaml:3: "target" is set twice; the first time in line 2',
        'config/kpis.yaml:5: "csat" is set twice; the first time in line 1',
    ]


def test_words_that_old_yaml_takes_for_something_else_stay_words(folder: Folder) -> None:
    folder.write(kpis="csat: {synonyms: [yes, off, 12:30, 2026-01-01, 1e3, .inf]}\n")

    assert folder.load().policy.kpis["csat"].synonyms == ("yes", "off", "12:30", "2026-01-01", "1e3", ".inf")


def test_a_sentence_stays_on_one_line_whatever_the_file_holds(folder: Folder) -> None:
    folder.write(
        workspace='timezone: "UTC\\nforged: line"\n' + f"currency: {'€' * 500}\n",
        calendars='owners: {"anna\\nforged": home}\n',
    )

    owner, zone, currency = folder.faults()

    assert 'timezone: "UTC\\nforged: line" is not a known time zone' in zone
    assert 'owners.anna\\nforged: "home" is not a calendar of this file' in owner
    assert len(currency) < 160


@pytest.mark.parametrize("text", ["\\0", "\\e[31m", "\\uD800"])
def test_control_characters_and_halves_of_characters_are_refused_even_when_escaped(folder: Folder, text: str) -> None:
    folder.write(kpis=f'csat:\n  label: "x{text}"\n')

    (line,) = folder.faults()

    assert line.startswith("config/kpis.yaml:2: ")
    assert line.endswith("contains a character that cannot be printed; remove it")
    assert line.isprintable()


def any_yaml() -> st.SearchStrategy[str]:
    """Mostly well-formed nonsense around the keys that exist."""
    words = st.sampled_from(
        ["timezone", "rates", "USD", "csat", "default", "hours", "mon-fri", "wordings", "nps", "en"]
    )
    leaf = st.one_of(words, st.integers(), st.floats(), st.booleans(), st.none(), st.text(max_size=6))
    tree = st.recursive(
        leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=12
    )
    return tree.map(repr)


@given(
    content=st.one_of(
        st.binary(max_size=120), any_yaml().map(str.encode), st.text("{}[]:,-?&*!|>'\"% \n\tab0").map(str.encode)
    )
)
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_bytes_are_they_are_used_or_refused_in_sentences(folder: Folder, content: bytes) -> None:
    folder.write(**dict.fromkeys(("workspace", "calendars", "kpis", "surveys", "digests", "access"), content))

    assert not [line for line in said_about(folder) if "\n" in line or "Input should" in line]


def said_about(folder: Folder) -> list[str]:
    """The sentences about a folder, none if it can be used; anything but sentences comes through."""
    try:
        folder.load()
    except SettingsFault as refused:
        return [str(fault) for fault in refused.faults] or ["refused without a word\n"]
    return []
