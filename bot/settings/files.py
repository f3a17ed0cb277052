"""The configuration directory: the shipped files, and the operator's laid over them."""

from pathlib import Path

from bot.settings.faults import Fault, did_you_mean
from bot.settings.nodes import Node
from bot.settings.yaml_file import read

NAMES = ("workspace", "calendars", "kpis", "surveys", "digests", "access")


def shipped_dir() -> Path:
    """Where the defaults are: beside the installed package, or in the checkout it runs from."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "defaults"
    return installed if installed.is_dir() else package.parent / "config"


def read_shipped(cwd: Path, faults: list[Fault]) -> dict[str, Node]:
    """The defaults of every file."""
    return _read_all(shipped_dir(), NAMES, cwd, faults)


def read_own(config_dir: Path, cwd: Path, faults: list[Fault], *, chosen: bool) -> dict[str, Node]:
    """The operator's files, as far as they exist; the directory itself must only exist when it was `chosen`."""
    try:
        present = sorted(entry.name for entry in config_dir.iterdir())
    except OSError as error:
        if chosen or not isinstance(error, FileNotFoundError):
            place = _place(config_dir, cwd)
            faults.append(Fault("KPIBOT_CONFIG", 0, f"{place} cannot be read as a directory: {error.strerror}"))
        return {}
    faults += [Fault(_place(config_dir / name, cwd), 0, _stranger(name)) for name in present if _is_stranger(name)]
    return _read_all(config_dir, tuple(name for name in NAMES if f"{name}.yaml" in present), cwd, faults)


def _read_all(directory: Path, names: tuple[str, ...], cwd: Path, faults: list[Fault]) -> dict[str, Node]:
    paths = {name: directory / f"{name}.yaml" for name in names}
    nodes = {name: read(path, _place(path, cwd), faults) for name, path in paths.items()}
    return {name: node for name, node in nodes.items() if node is not None}


def _place(path: Path, cwd: Path) -> str:
    return str(path.relative_to(cwd) if path.is_relative_to(cwd) else path)


def _is_stranger(name: str) -> bool:
    stem, dot, ending = name.rpartition(".")
    return bool(stem and dot) and ending.lower() in {"yaml", "yml"} and name not in {f"{each}.yaml" for each in NAMES}


def _stranger(name: str) -> str:
    files = [f"{each}.yaml" for each in NAMES]
    return f"is not a configuration file{did_you_mean(name, files)} (known: {', '.join(files)})"
