"""The desk: a request goes in, a card comes out. Where the card is shown is for the counter to decide."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.blocks.choice_card import Choice, choice_card
from bot.blocks.kpi_card import Card
from bot.blocks.reader import Reader
from bot.desk.reply import Reply
from bot.desk.sources import Sources
from bot.desk.verbs import LONG, VERBS
from kpi.errors import KpiError, UnknownWord
from kpi.services.answers import Admission
from kpi.services.asked import Understood
from kpi.services.phrases.hints import meant
from kpi.services.phrases.request import Request
from kpi.services.phrases.wording import spoken, worded

__all__ = ["Desk"]

BESIDES = "Besides KPIs there are `/kpi account`, `/kpi log`, `/kpi list` and `/kpi help`."


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers whatever can be asked after `/kpi`."""

    sources: Sources

    def read(self, text: str) -> Request:
        """What was typed, understood."""
        return self.sources.reports.read(text)

    def answer(self, request: Request, admission: Admission, reader: Reader) -> Reply:
        """What answers; what may have been meant, to choose from, where a word names nothing or several.

        What was understood is noted for the list of questions as soon as it is.
        """

        def answered(settled: Request) -> Reply:
            found = VERBS[request.verb](self.sources, settled, (admission, reader))
            return found if isinstance(found, Reply) else Reply(found)

        return self._settled(request, admission, answered)

    def promise(self, request: Request, admission: Admission, promise: Callable[[Request], Card]) -> Card:
        """What is said of a request that is answered later: the promise, or at once what is wrong with it."""

        def checked(settled: Request) -> Reply:
            LONG[request.verb](self.sources, settled)
            return Reply(promise(settled))

        return self._settled(request, admission, checked).card

    def _settled(self, request: Request, admission: Admission, answered: Callable[[Request], Reply]) -> Reply:
        admission.entry.understood = Understood(request.verb)
        try:
            settled = self.sources.settle(request, admission)
            admission.entry.understood = self.sources.understood(settled)
            return answered(settled)
        except KpiError as fault:
            card = self._meant(request, fault)
        admission.entry.understood = Understood("choice")
        return Reply(card, is_choice=True)

    def _meant(self, request: Request, fault: KpiError) -> Card:
        choices = [Choice(spoken(one), worded(one)) for one in meant(request, fault, self.sources.reports.vocabulary)]
        said = f"{fault} {BESIDES}" if isinstance(fault, UnknownWord) else str(fault)
        if choices:
            return choice_card(said, choices)
        raise UnknownWord(said, fault.nearest) if isinstance(fault, UnknownWord) else fault
