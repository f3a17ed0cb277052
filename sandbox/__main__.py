"""`python -m sandbox`: listen, say where in one line of JSON, end at SIGTERM or SIGINT."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path

from sandbox.server import SandboxConfig, start


def main() -> None:
    """Run until told to stop."""
    defaults = SandboxConfig()
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A local Slack to try and test a bot in.")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0 picks a free one")
    parser.add_argument("--signing-secret", default=defaults.signing_secret)
    parser.add_argument("--bot-token", default=defaults.bot_token)
    parser.add_argument("--app-token", default=defaults.app_token)
    parser.add_argument("--events-url", help="deliver as signed HTTP to this url instead of over the socket")
    parser.add_argument("--ready-file", type=Path, help="write the line of JSON here too, once listening")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the program that holds our input")
    given = vars(parser.parse_args())
    ready_file = given.pop("ready_file")
    stop = threading.Event()
    if given.pop("until_stdin_closes"):
        threading.Thread(target=_watch_stdin, args=(stop,), daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        sandbox = start(SandboxConfig(**given))
    except (OSError, OverflowError) as fault:
        why = os.strerror(fault.errno) if isinstance(fault, OSError) and fault.errno else "no such port"
        sys.exit(f"The sandbox cannot listen on port {given['port']}: {why}. Choose another with --port.")
    with sandbox:
        line = json.dumps({"url": sandbox.url, "api_url": sandbox.api_url})
        if ready_file:
            ready_file.write_text(line + "\n", encoding="utf-8")
        print(line, flush=True)  # noqa: T201 - the line programs wait for
        stop.wait()


def _watch_stdin(stop: threading.Event) -> None:
    while os.read(0, 1024):  # not sys.stdin: its lock would hold up our end
        pass
    stop.set()


if __name__ == "__main__":
    main()
