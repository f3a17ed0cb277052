"""One showing of the demo: the play, and what comes after it."""

import asyncio
import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import httpx
from rich.console import Console

from bot.demo.house import House
from bot.demo.patience import ENDED, Missed, Patience
from bot.demo.play import Play
from bot.demo.proof import Proof, Witness
from bot.demo.transcript import Transcript
from bot.demo.words import Words

_STEP = timedelta(hours=3)


@dataclass(slots=True)
class Evening:
    """Plays beside the running bot; with `once` the bot ends with the play, else when somebody ends it."""

    house: House
    console: Console
    once: bool
    _over: Event = field(default_factory=Event)
    _future: "Future[Proof] | None" = None

    def run(self) -> Proof:
        """Run the bot, the play, and what comes after it. Missed when the play did not come to its end."""
        with ThreadPoolExecutor(1) as stage:
            try:
                asyncio.run(self.house.process.run(partial(self._begin, stage)))
            finally:
                self._over.set()
        try:
            return self._result()
        except Missed as fault:
            raise Missed(f"{fault} The demo's logs are in {self.house.folder}.") from fault

    def _result(self) -> Proof:
        if self._future is None:
            raise Missed(ENDED)
        return self._future.result()

    def _begin(self, stage: ThreadPoolExecutor, url: str) -> None:
        self._future = stage.submit(self._play, url)
        self._future.add_done_callback(self._played)

    def _played(self, played: "Future[Proof]") -> None:
        if self.once or played.exception() is not None:
            self.house.process.stop()
        else:
            self._go_on()

    def _play(self, url: str) -> Proof:
        house, patience = self.house, Patience(self._over)
        told = Transcript(self.console, Words(house.slack.names(), house.services.reader))
        with told.working("Waiting for the bot to be ready"):
            patience.until("Readiness of every part of the bot", partial(_is_ready, url))
            house.services.reports.warm()
        told.note(
            f"A bot, a database and a local Slack are running; it is {house.services.reader.instant(house.clock())}."
        )
        play = Play(house.slack, house.clock, house.zone, told, patience)
        played = play.perform()
        return Witness(house.services, house.slack, house.subscription_id).attest(played, patience)

    def _go_on(self) -> None:
        show = partial(self.console.print, markup=True, soft_wrap=True)
        show("\n[bold]It is your turn.[/bold]")
        show(f"  Open [bold cyan]{self.house.slack.url}[/bold cyan] and be anyone, in the menu at the top left:")
        show("  · Anna, Ben or Helen of the agency: type /kpi help, /kpi nps, /kpi churn last quarter, /kpi log")
        show("  · Carla or Chris of Acme, Otto or Stella of Globex: answer a question in the shared channel")
        if _at_the_terminal():
            show("  Press Enter here to move the demo's clock three hours on.")
            Thread(target=self._move_clock, daemon=True).start()
        show("  Ctrl-C ends the demo. The next one begins anew.")

    def _move_clock(self) -> None:
        while os.read(sys.stdin.fileno(), 1024):
            self.house.clock.move(_STEP)
            self.console.print(f"  It is {self.house.services.reader.instant(self.house.clock())} now.")


def _is_ready(url: str) -> bool:
    return httpx.get(f"{url}/readyz", trust_env=False).is_success


def _at_the_terminal() -> bool:
    return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
