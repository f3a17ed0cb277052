"""What several unit tests begin with."""

from pathlib import Path

import pytest

from tests.configured import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An operator's folder with nothing in it."""
    return Folder(tmp_path)
