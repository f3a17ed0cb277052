"""Processes of their own that use the bundled PostgreSQL, for tests of what happens between processes."""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
VISIT = """
import sys
from pathlib import Path
from bot.embedded import running
with running(Path(sys.argv[1]), durable=False) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Visitor:
    """A process inside `running`; `url` is what it was given."""

    process: subprocess.Popen[str]
    url: str

    def leave(self) -> None:
        """End as a program does; return when it is gone."""
        self.process.communicate()
        assert self.process.returncode == 0

    def interrupt(self) -> None:
        """Ctrl-C: the signal reaches every process of its group."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate()

    def die(self) -> None:
        """kill -9."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


def visit(data: Path) -> Visitor:
    """Start a process and return once it is inside."""
    process = python(VISIT, data)
    assert process.stdout
    assert process.stderr
    url = process.stdout.readline().strip()
    assert url, process.stderr.read()
    return Visitor(process, url)


def python(program: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Run a Python text in a process and session of its own, pipes at both ends."""
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
