"""A digest: each KPI with its evidence, how asking went, and what clients wrote."""

from bot.blocks import findings
from bot.blocks.kpi_card import Card
from bot.blocks.parts import Block, context, divider, fitted, header, section
from bot.blocks.reader import DAY, Reader
from bot.blocks.room import HEARD_CHARS, filled
from kpi.services.digest_content import Digest, Figure
from kpi.services.surveys.words import Comment, Counts

_COMMENT_CHARS = 300
_REASONS_SHOWN = 3


def digest_card(digest: Digest, reader: Reader) -> Card:
    """The digest as a message, within Slack's limits: what does not fit is left out from the end."""
    title = f"{digest.cadence.replace('_', '-').capitalize()} KPI digest, {reader.spoken(digest.period.key)}"
    head = [header(title), context(_posted(digest, reader))]
    asking = [divider(), section(_asked(digest.surveys, reader))]
    problems = ([section(f"No value: {fitted(problem, 300)}")] for problem in digest.problems)
    blocks = filled(head, (_finding(figure, reader) for figure in digest.figures), spare=asking)
    blocks = filled(blocks, problems, spare=asking) + asking
    blocks = filled(blocks, ([_quote(comment, reader)] for comment in digest.comments))
    said = [_sentence(figure, reader) for figure in digest.figures]
    text = " ".join([f"{title}.", *said, _asked(digest.surveys, reader)])
    return {"text": text[:HEARD_CHARS], "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _posted(digest: Digest, reader: Reader) -> str:
    days = reader.days(digest.period.start, digest.period.end - DAY)
    due, posted = digest.scheduled_at, digest.composed_at
    if not digest.is_late:
        return f"{days} · as of {reader.instant(posted)}"
    same_day = due.astimezone(reader.zone).date() == posted.astimezone(reader.zone).date()
    scheduled = reader.clock(due) if same_day else reader.instant(due)
    return (
        f"{days} · late: scheduled {scheduled}, posted {reader.clock(posted) if same_day else reader.instant(posted)}"
    )


def _finding(figure: Figure, reader: Reader) -> list[Block]:
    """The period's value with the trailing one as small print; the other way round where only that has a value."""
    value, trailing = figure.value, figure.trailing
    if trailing is not None and _is_led(figure):
        days = reader.days(trailing.period.start, trailing.period.end - DAY)
        return [section(_sentence(figure, reader)), context(f"{days} · {findings.support(trailing, reader)}")]
    small = [findings.support(value, reader)] + ([findings.brief(trailing, reader)] if trailing else [])
    return [section(_sentence(figure, reader)), context(*small)]


def _sentence(figure: Figure, reader: Reader) -> str:
    value, trailing = figure.value, figure.trailing
    if trailing is None or not _is_led(figure):
        return findings.headline(value, reader)
    return f"{findings.headline(trailing, reader)} {findings.absence(value, reader)}"


def _is_led(figure: Figure) -> bool:
    """Whether the trailing value leads, because the period has none."""
    return figure.value.value is None and figure.trailing is not None and figure.trailing.value is not None


def _asked(counts: Counts, reader: Reader) -> str:
    total = sum(counts.suppressed.values())
    asked, answered, suppressed = map(reader.number, (counts.asked, counts.answered, total))
    words = f"*Surveys:* {asked} asked · {answered} answered · {suppressed} suppressed"
    biggest = sorted(counts.suppressed.items(), key=lambda item: (-item[1], item[0]))[:_REASONS_SHOWN]
    reasons = [f"{reader.number(n)} because {fitted(reason, 120)}" for reason, n in biggest]
    others = total - sum(n for _, n in biggest)
    reasons += [f"{reader.number(others)} for other reasons"] if others else []
    skipped = f" · {reader.number(counts.skipped)} called off by hand" if counts.skipped else ""
    failed = f" · {reader.number(counts.failed)} could not be delivered" if counts.failed else ""
    return "\n".join(filter(None, (f"{words}{skipped}{failed}", "; ".join(reasons), _answered(counts, reader))))


def _answered(counts: Counts, reader: Reader) -> str:
    """How many of the questions whose time ended were answered; "" of too few."""
    found = counts.rate
    if found is None or found.value is None or found.interval is None:
        return ""
    span = reader.span(found.interval.low, found.interval.high, "percent")
    over = reader.number(found.n)
    return f"{reader.percent(found.value)} of the {over} whose time ended were answered (95% interval {span})"


def _quote(comment: Comment, reader: Reader) -> Block:
    words = fitted(" ".join(comment.comment.split()), _COMMENT_CHARS)
    day = reader.day(comment.written_at.astimezone(reader.zone).date())
    return section(f">“{words}”\n{fitted(comment.account, 80)}, {day}")
