"""Things to ask, made from the workspace's own clients, segments and owners."""

from collections.abc import Iterable, Iterator

from kpi.model import Scope
from kpi.services.phrases.wording import scope_words
from kpi.store.scopes import Named

_LONGEST_NAME = 40


def examples(
    accounts: Iterable[Named], segments: Iterable[Named], owners: Iterable[Named]
) -> tuple[tuple[str, str], ...]:
    """(words, what they ask for), a handful; those of what the workspace has none of are left out."""
    return (*_of_account(_first(accounts)), *_of_segment(_first(segments)), *_of_owner(_first(owners)))


def _of_account(one: Named | None) -> Iterator[tuple[str, str]]:
    if one is not None:
        yield f'csat "{one.name}" last quarter', f"how satisfied {one.name} was"
        yield f'trend response time "{one.name}" 12m', f"how long {one.name} waited for us, month by month"
        yield f'why-not "{one.name}"', f"why people of {one.name} were not asked"


def _of_segment(one: Named | None) -> Iterator[tuple[str, str]]:
    if one is not None:
        yield f"churn {scope_words(Scope('segment', one.name))}", f"how many clients of {one.name} we lost"


def _of_owner(one: Named | None) -> Iterator[tuple[str, str]]:
    if one is not None:
        yield f"nps {scope_words(Scope('owner', one.name))}", f"would {one.name}'s clients recommend us"


def _first(some: Iterable[Named]) -> Named | None:
    """The first whose name can be typed as it is."""
    typable = (one for one in some if len(one.name) <= _LONGEST_NAME and not set(one.name) & set('"“”„«»'))
    return next(typable, None)
