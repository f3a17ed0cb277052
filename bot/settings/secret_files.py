"""Secrets that come as files: NAME_FILE in place of NAME."""

from collections.abc import Mapping
from pathlib import Path

from bot.settings.faults import Fault

MOST_BYTES = 16 * 1024


def with_files(environ: Mapping[str, str], names: tuple[str, ...], cwd: Path, faults: list[Fault]) -> dict[str, str]:
    """The variables with every NAME_FILE among `names` read into NAME."""
    given = dict(environ)
    for name in names:
        path = environ.get(f"{name}_FILE", "").strip()
        if not path:
            continue
        if environ.get(name, "").strip():
            faults.append(Fault(f"{name}_FILE", 0, f"is set beside {name}; keep one of the two"))
        else:
            given[name] = _secret(f"{name}_FILE", cwd / path, faults)
    return given


def _secret(name: str, path: Path, faults: list[Fault]) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        faults.append(Fault(name, 0, f"{path} cannot be read: {error.strerror}"))
        return ""
    try:
        secret = content.decode("utf-8").strip()
    except UnicodeDecodeError:
        faults.append(Fault(name, 0, f"{path} is not text; it should hold the secret and nothing else"))
        return ""
    if len(content) > MOST_BYTES:
        faults.append(Fault(name, 0, f"{path} is larger than {MOST_BYTES // 1024} KiB; is it the right file?"))
    elif not secret:
        faults.append(Fault(name, 0, f"{path} is empty; it should hold the secret and nothing else"))
    return secret
