"""An operator's folder: files are written, settings are loaded from it, faults are read as they are printed."""

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsFault, load


class Folder:
    """A working directory with a `config` folder of its own."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config"
        self.config.mkdir()

    def write(self, **files: str | bytes) -> "Folder":
        """`workspace="currency: USD"` writes config/workspace.yaml."""
        for name, content in files.items():
            raw = content.encode() if isinstance(content, str) else content
            (self.config / f"{name}.yaml").write_bytes(raw)
        return self

    def load(self, **environ: str) -> Settings:
        return load(environ, self.path)

    def faults(self, **environ: str) -> list[str]:
        """The lines an operator reads; the configuration must not be usable."""
        with pytest.raises(SettingsFault) as caught:
            self.load(**environ)
        lines = str(caught.value).split("\n")
        assert lines == [str(fault) for fault in caught.value.faults]
        return lines
