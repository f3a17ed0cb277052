"""A worker process that takes a job and never ends it: `python -m tests.stuck_worker DATABASE_URL STALL_SECONDS`."""

import asyncio
import sys
import threading

from bot.queue import Worker


def stay(name: str) -> None:
    """Say that the job began, and stay in it."""
    sys.stdout.write(f"{name} began\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    asyncio.run(Worker(sys.argv[1], {"work": stay}, stall_seconds=float(sys.argv[2])).run())
