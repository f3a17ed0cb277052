"""The counter: lets people in, has the desk answer, and says the answer where it may be said."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

from bot.blocks.kpi_card import Card
from bot.blocks.parts import trim
from bot.blocks.reader import Reader
from bot.blocks.share_card import share_preview, shared_card
from bot.desk import Desk
from bot.desk.patience import answered
from bot.desk.reply import Reply
from bot.desk.verbs import LONG
from bot.payloads import Body, actor, channel_of
from bot.pictures import payload
from kpi.errors import KpiError
from kpi.model import Actor
from kpi.services.answers import Admission, Answers, Place
from kpi.services.asked import Understood
from kpi.services.capability import Capability
from kpi.services.phrases.request import Request, Verb
from kpi.services.phrases.wording import worded

SENT = "Other organisations can, or may, read this channel, so the answer comes to you as a direct message."
LATER = "Comparing before and after takes a moment; the answer comes to you as a direct message."
COMMENT_CHARS = 600
"""Of what stands above a picture."""
OPEN = (Verb.HELP, Verb.LIST)
"""What holds no numbers, and may be said anywhere."""


@dataclass(frozen=True, slots=True)
class Counter:
    """Where requests come in and cards go out. `reader`: how the workspace reads numbers and days."""

    desk: Desk
    answers: Answers
    capability: Capability
    reader: Reader

    def answer(self, body: Body, text: str, later: Callable[[Card], None]) -> Card:
        """What to say at once; a card that takes longer than the ack can wait comes `later`."""
        return answered(partial(self.ask, body, text), later)

    def ask(self, body: Body, text: str) -> Card:
        """What to say at once to whoever asks: the card, or where it comes instead. Written down either way."""
        occasion = str(body.get("trigger_id") or uuid4())
        with self.answers.asking(actor(body), channel_of(body)) as admission:
            request = self.desk.read(text)
            if request.verb in OPEN:
                return self._reply(request, admission).card
            place = admission.place()
            if request.verb in LONG:
                return self.desk.promise(request, admission, lambda settled: self._later(settled, admission, occasion))
            reply = self._reply(request, admission)
            if reply.line is not None:
                comment = str(reply.card["text"])
                self.answers.show(admission.who.user_id, payload(reply.line, trim(comment, COMMENT_CHARS)), occasion)
            if place is Place.HERE:
                return reply.card
            self.answers.say_privately(admission.who.user_id, reply.card, occasion)
            return {"text": SENT}

    def answer_later(self, who: Actor, text: str, occasion: str) -> None:
        """Answer as a direct message, once for an occasion, however often it is tried."""
        try:
            with self.answers.asking(who, None) as admission:
                card = self._reply(self.desk.read(text), admission).card
        except KpiError as fault:
            card = {"text": str(fault)}
        self.answers.say_privately(who.user_id, card, occasion)

    def share(self, body: Body, text: str, channel_id: str, later: Callable[[Card], None]) -> Card:
        """Post the answer to a channel of ours, once for each preview and channel; a sentence for who shares it."""
        return answered(partial(self._share, body, text, channel_id), later)

    def _share(self, body: Body, text: str, channel_id: str) -> Card:
        preview = (body.get("container") or {}).get("message_ts") or body.get("trigger_id") or uuid4()
        with self.answers.asking(actor(body), channel_of(body)) as admission:
            admission.require_sharing()
            request = replace(self.desk.read(text), is_share=False)
            reply = self.desk.answer(request, admission, self._reader(admission))
            if reply.is_choice:
                raise KpiError(f"{reply.card['text']} Ask again, then share.")
            self.answers.share(admission, shared_card(reply.card, admission.who.user_id), (channel_id, f"{preview}"))
            noted = admission.entry.understood or Understood(request.verb)
            admission.entry.understood = replace(noted, verb=f"share {noted.verb}", shared_to=channel_id)
        return {"text": f"Shared to <#{channel_id}>."}

    def _reply(self, request: Request, admission: Admission) -> Reply:
        alone = replace(request, is_share=False)
        reply = self.desk.answer(alone, admission, self._reader(admission))
        if not request.is_share or reply.is_choice:
            return reply
        admission.require_sharing()
        return Reply(share_preview(reply.card, worded(alone)))

    def _later(self, settled: Request, admission: Admission, occasion: str) -> Card:
        self.answers.later(admission.who, worded(settled), occasion)
        return {"text": LATER}

    def _reader(self, admission: Admission) -> Reader:
        return Reader(admission.language, self.reader.zone, self.reader.currency)
