"""Whatever bytes a file holds, `kpibot import` says what is wrong in words and leaves nothing half-written."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.cli import cli
from kpi.errors import KpiError
from kpi.records.catalog import BY_NAME, ENTITIES
from kpi.records.entity import Entity
from kpi.store import tables
from kpi.store.store import Store
from tests.fuzzing import examples, look

TABLES = {
    "owners": tables.owner,
    "accounts": tables.account,
    "terms": tables.account_term,
    "contacts": tables.contact,
    "revenue": tables.revenue,
    "offers": tables.offer,
    "messages": tables.account_day,
    "usage": tables.usage_day,
    "episodes": tables.episode,
    "interactions": tables.interaction,
    "surveys": tables.survey,
    "replies": tables.reply,
    "feedback": tables.feedback,
}
BOUNDED = settings(
    max_examples=16,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),  # shrinking would import for minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
names = st.sampled_from(list(BY_NAME))


def template(entity: Entity) -> bytes:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([entity.names, [one.example for one in entity.columns]])
    return written.getvalue().encode()


TEMPLATES = {entity.name: template(entity) for entity in ENTITIES}
"""A valid file of each kind; each names only what the others hold."""


@dataclass(frozen=True)
class Prey:
    """A database that holds the templates' rows, and a folder for what hunts it."""

    folder: Path
    environ: Mapping[str, str]
    store: Store

    def counts(self) -> dict[str, int]:
        with self.store.transaction() as tx:
            return {name: int(tx.value(select(func.count()).select_from(TABLES[name]))) for name in TABLES}

    def eat(self, files: Mapping[str, bytes], *options: str) -> str:
        """Import exactly these files; what was printed. Nothing but a KpiError may come out."""
        for path in self.folder.iterdir():
            path.unlink()
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        ended = CliRunner().invoke(cli, ["import", str(self.folder), *options], env=dict(self.environ))
        if isinstance(ended.exception, KpiError):
            assert "\n" not in str(ended.exception)
            return str(ended.exception)
        assert ended.exception is None or isinstance(ended.exception, SystemExit), repr(ended.exception)
        assert ended.exit_code in {0, 1}, ended.output
        assert "Traceback" not in ended.output
        return ended.output

    def survive(self, files: Mapping[str, bytes], *options: str) -> list[dict[str, Any]]:
        """Import them; the files' outcomes, once it is sure that of a refused one nothing was written."""
        before = self.counts()
        said = self.eat(files, *options, "--json")
        after = self.counts()
        told: list[dict[str, Any]] = json.loads(said)["files"] if said.startswith("{") else []
        untouched = {file["entity"] for file in told if file["fate"] in {"refused", "checked"}}
        assert {name: after[name] for name in untouched} == {name: before[name] for name in untouched}
        assert all(bool(file["faults"]) == bool(file["faults_in_all"]) for file in told)
        assert all(fault["text"].isprintable() for file in told for fault in file["faults"])
        return told


@pytest.fixture
def prey(store: Store, migrated_url: str, tmp_path: Path) -> Prey:
    for name in ("config", "files"):
        (tmp_path / name).mkdir()
    environ = {"DATABASE_URL": migrated_url, "KPIBOT_CONFIG": str(tmp_path / "config"), "KPIBOT_DATA": str(tmp_path)}
    found = Prey(tmp_path / "files", environ, store)
    taken = found.survive({f"{name}.csv": content for name, content in TEMPLATES.items()})
    assert {file["fate"] for file in taken} == {"written"}
    return found


NASTY = (
    "", " ", "-", "\0", "\n", "\r", '"', "\\.", "a\n\\.\nb", "\\N", "NULL", "nan", "inf", "-1", "1e999", "9" * 40,
    "1_0", "١٢", "2026-02-30", "01/09/2026", "46266", "0001-01-01", "9999-12-31", "2199-12-31T23:59:59-12:00",
    "2026-03-29T02:30", "1970-01-01T00:00+14:00", "\u202e", "\ufeff", "\U0010ffff", "x" * 300, "💥" * 9_000, "[/bold]",
    ":smile:", "\x1b[2J", "'; drop table account --", "%s", "{}", "nobody", "acme", "anna", "carla", "won", "project",
    "expired", "nps", "DEM", "=1+1",
)  # fmt: skip
cells = st.sampled_from(NASTY) | st.text(max_size=12).filter(str.isprintable) | st.text(st.characters(codec="utf-8"))


@st.composite
def tables_of(draw: st.DrawFn, entity: Entity) -> list[list[str]]:
    """A header and some rows like the example, with strange cells here and there."""
    usual = [one.example for one in entity.columns]
    rows = [list(usual) for _ in range(draw(st.integers(1, 4)))]
    for row in rows:
        for place in draw(st.lists(st.integers(0, len(usual) - 1), max_size=3)):
            row[place] = draw(cells)
    order = draw(st.permutations(range(len(usual))))
    kept = order[: draw(st.integers(1, len(usual)))] if draw(st.booleans()) and draw(st.booleans()) else order
    return [[row[place] for place in kept] for row in (list(entity.names), *rows)]


@st.composite
def files(draw: st.DrawFn, entity: Entity) -> bytes:
    """Such a table as somebody's program may write it, now and then with some bytes gone wrong."""
    written = io.StringIO()
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    csv.writer(written, delimiter=draw(st.sampled_from(",;\t")), lineterminator=end).writerows(draw(tables_of(entity)))
    content = written.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig"])))
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 3]))):
        place = draw(st.integers(0, len(content)))
        content = content[:place] + draw(st.binary(max_size=3)) + content[place + draw(st.integers(0, 3)) :]
    return content


@examples(20, 600)
def test_a_file_like_a_good_one_is_written_or_refused_and_nothing_between(prey: Prey, count: int) -> None:
    @given(names, st.data(), st.sampled_from([(), ("--dry-run",), ("--keep-good",)]))
    def holds(name: str, data: st.DataObject, options: tuple[str, ...]) -> None:
        (told,) = prey.survive({f"{name}.csv": data.draw(files(BY_NAME[name]))}, *options)
        if options == ("--dry-run",):
            assert told["fate"] in {"checked", "refused"}
        elif not options:
            assert (told["fate"] == "written") == (not told["faults"])

    look(holds, count)


@BOUNDED
@given(names, st.binary(max_size=300), st.sampled_from([".csv", ".parquet"]), st.booleans())
@example("owners", b"", ".csv", False)
@example("owners", b'"', ".csv", True)
@example("owners", b"PAR1PAR1", ".parquet", False)
def test_any_bytes_at_all_are_refused_in_words(
    prey: Prey, name: str, content: bytes, ending: str, has_header: bool
) -> None:
    header = TEMPLATES[name].split(b"\n")[0] + b"\n" if has_header and ending == ".csv" else b""
    prey.survive({f"{name}{ending}": header + content})


@BOUNDED
@given(st.lists(names, min_size=2, max_size=4, unique=True), st.data())
def test_of_several_files_those_behind_a_refused_one_are_left_alone(
    prey: Prey, chosen: list[str], data: st.DataObject
) -> None:
    told = prey.survive({f"{name}.csv": data.draw(files(BY_NAME[name])) for name in chosen})
    fates = [file["fate"] for file in told]
    if "refused" in fates:
        first = fates.index("refused")
        assert set(fates[:first]) <= {"written"}
        assert set(fates[first:]) <= {"refused", "checked"}


@BOUNDED
@given(names, st.data())
def test_a_terminal_shows_faults_in_plain_signs(prey: Prey, name: str, data: st.DataObject) -> None:
    said = prey.eat({f"{name}.csv": data.draw(files(BY_NAME[name]))}, "--dry-run")
    assert all(line.isprintable() for line in said.split("\n"))
