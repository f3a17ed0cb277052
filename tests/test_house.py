"""The house keeps its order: arrows, lists, manifest, documents and what must never stand in a file."""

import ast
import importlib
import inspect
import re
import shlex
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports
from typer.main import get_command

import bot.jobs
import bot.listeners
import kpi.metrics
from bot.cli import cli
from bot.manifest import COMMANDS, EVENTS, METHOD_SCOPES, SHORTCUTS, manifest, scopes
from kpi.metrics.catalog import CATALOG
from sandbox.methods import METHODS

ROOT = Path(__file__).parents[1]
PAGES = [
    ROOT / "README.md",
    ROOT / "AGENTS.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs/kpis").glob("*.md")),
]
FAMILIES = "auth|apps|bots|chat|conversations|files|oauth|pins|reactions|team|usergroups|users|views"
# A machine's own folders, and hosts packages came from on it. The class keeps this line from finding itself.
PRIVATE = re.compile(
    r"(?<![\w./-])/(?:wor[k]|roo[t]|Users|hom[e]/[a-z])/|pythonhosted\.or[g]|artifactor[y]|https?://[\w.-]*pyp[i][\w.-]*"
)


def modules(package: Any) -> set[str]:
    return {path.stem for path in Path(package.__path__[0]).glob("*.py")} - {"__init__"}


def source(package: str) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / package).rglob("*.py")))


def test_every_arrow_between_the_rooms_points_the_right_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert lint_imports() == EXIT_STATUS_SUCCESS


def called(package: Any, function: str) -> set[str]:
    """The modules whose `function` is named in the package's own list."""
    tree = ast.parse(Path(package.__file__).read_text(encoding="utf-8"))
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr == function)
    return {node.value.id for node in found if isinstance(node.value, ast.Name)}


def test_every_listener_and_every_job_is_in_its_list() -> None:
    assert called(bot.listeners, "register") == modules(bot.listeners)
    assert called(bot.jobs, "run") == modules(bot.jobs)


def test_every_kpi_with_a_file_of_its_own_is_in_the_catalog() -> None:
    def measures(name: str) -> bool:
        function = getattr(importlib.import_module(f"kpi.metrics.{name}"), name, None)
        return inspect.isfunction(function) and str(inspect.signature(function).return_annotation).find("Measure") >= 0

    assert {name for name in modules(kpi.metrics) if measures(name)} == {kpi.key for kpi in CATALOG}


class Recorder:
    """Stands where a Bolt app does, and notes what is registered under which name."""

    def __init__(self) -> None:
        self.names: dict[str, set[Any]] = {}

    def __getattr__(self, kind: str) -> Callable[..., Callable[[Any], Any]]:
        def register(name: Any, **_matchers: Any) -> Callable[[Any], Any]:
            self.names.setdefault(kind, set()).add(name)
            return lambda listener: listener

        return register


class Whatever:
    """Has every attribute."""

    def __getattr__(self, _name: str) -> "Whatever":
        return self


@pytest.fixture(scope="module")
def registered() -> dict[str, set[Any]]:
    recorder = Recorder()
    takes = list(inspect.signature(bot.listeners.register_all).parameters)[1:]
    register_all: Callable[..., None] = bot.listeners.register_all
    register_all(recorder, *(Whatever() for _ in takes))
    return recorder.names


def test_the_manifest_names_what_the_code_listens_to(registered: dict[str, set[Any]]) -> None:
    assert registered["command"] == {command for command, *_ in COMMANDS}
    assert registered["event"] == {event.partition(".")[0] for event in EVENTS}
    for kind in ("global", "message"):
        assert registered[f"{kind}_shortcut"] == {name for where, name, *_ in SHORTCUTS if where == kind}
    known = {"command", "event", "global_shortcut", "message_shortcut", "action", "view", "options"}
    assert set(registered) <= known


def test_the_manifest_asks_for_the_scopes_of_exactly_the_methods_the_code_calls() -> None:
    code = source("bot").replace((ROOT / "bot/manifest.py").read_text(encoding="utf-8"), "") + source("kpi")
    named = set(re.findall(rf'"((?:{FAMILIES})\.[a-zA-Z.]+)"', code))
    methods = {
        re.sub("_([a-z])", lambda letter: letter[1].upper(), name)
        for name in re.findall(rf"\.((?:{FAMILIES})_[a-zA-Z_]+)\(", code)
    }
    dotted = {
        re.sub(rf"^({FAMILIES})([A-Z])", lambda found: f"{found[1]}.{found[2].lower()}", name) for name in methods
    }
    assert named | dotted == set(METHOD_SCOPES)


def test_the_local_slack_asks_for_no_scope_the_manifest_lacks() -> None:
    needed = {METHODS[method].scope for method in METHOD_SCOPES} - {None}
    assert needed <= set(scopes())


def test_the_file_in_the_repository_is_the_manifest_of_this_code() -> None:
    written = (ROOT / "manifest.yaml").read_text(encoding="utf-8")
    assert written == yaml.safe_dump(manifest(), sort_keys=False, allow_unicode=True, width=120)


def test_the_manifest_keeps_slacks_limits() -> None:
    built = manifest("https://kpibot.example.com/")
    about, features = built["display_information"], built["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert len(features["bot_user"]["display_name"]) <= 80
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert len(command["description"]) <= 100
        assert len(command["usage_hint"]) <= 1000
    for kind in ("global", "message"):
        assert len([shortcut for shortcut in features["shortcuts"] if shortcut["type"] == kind]) <= 5
    for shortcut in features["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
        assert len(shortcut["callback_id"]) <= 255
    addresses = re.findall(r"https://[^\s'\"]+", yaml.safe_dump(built))
    assert set(addresses) == {"https://kpibot.example.com/slack/events"}


def shown(program: str) -> list[tuple[str, list[str]]]:
    """Every call of a program in the code of the documents: (page, words behind the program's name)."""
    return [(page.name, words) for page in PAGES for line in code_of(page) if (words := call_of(program, line))]


def code_of(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8")
    for language, block in re.findall(r"^```(\w*)\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        if language in {"", "sh", "bash", "console"}:
            yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def call_of(program: str, line: str) -> list[str]:
    try:
        words = shlex.split(line.removeprefix("$ "), comments=True)
    except ValueError:  # an apostrophe: a sentence, not a call
        return []
    places = [number for number, word in enumerate(words) if word.rpartition("/")[2] == program]
    return words[places[0] + 1 :] if places and places[0] < 6 else []


def problem(words: list[str]) -> str | None:
    """What is wrong with a call of kpibot: the word or option that does not exist."""
    command: Any = get_command(cli)
    for number, word in enumerate(words):
        if not hasattr(command, "commands"):
            known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
            given = {word.partition("=")[0] for word in words[number:] if word.startswith("--")}
            return next(iter(given - known - {"--help"}), None)
        if word not in command.commands:
            return None if word == "--help" else word
        command = command.commands[word]
    return None


@pytest.mark.parametrize("wrong", ["forecast", "run --fast", "digest sell", "kpi csat --perid 2026", "--quick"])
def test_a_command_that_does_not_exist_would_be_found(wrong: str) -> None:
    assert problem(wrong.split())


def test_every_kpibot_command_the_documents_show_exists_with_its_options() -> None:
    calls = shown("kpibot")
    assert len(calls) > 10
    assert [(page, words) for page, words in calls if problem(words)] == []


def test_every_make_target_the_documents_show_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    calls = shown("make")
    assert len(calls) > 3
    assert [call for call in calls if call[1][0] not in targets] == []


def test_the_documents_are_there() -> None:
    assert [page.name for page in [*PAGES, ROOT / "CHANGELOG.md", ROOT / "LICENSE"] if not page.exists()] == []


def test_no_file_names_a_folder_of_somebodys_machine_or_where_packages_came_from() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout  # noqa: S607 git
    texts = [ROOT / name for name in listed.decode().split("\0") if name and not name.endswith((".png", ".jpg"))]
    assert len(texts) > 100
    found = {path.relative_to(ROOT).as_posix(): PRIVATE.search(path.read_text(encoding="utf-8")) for path in texts}
    assert {name: match[0] for name, match in found.items() if match} == {}
