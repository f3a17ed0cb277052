"""From a checker's error to a sentence an operator understands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.faults import Fault, did_you_mean, shown
from bot.settings.nodes import Loc, Node

Context = dict[str, Any]


def _one_of(context: Context) -> str:
    return f"must be one of {str(context['expected']).replace(chr(39), '')}"


SENTENCES: Mapping[str, Callable[[Context], str]] = {
    "string_type": lambda _: "must be text; put it in quotes",
    "int_type": lambda _: "must be a whole number",
    "int_parsing": lambda _: "must be a whole number",
    "float_parsing": lambda _: "must be a number",
    "finite_number": lambda _: "must be a number",
    "bool_type": lambda _: "must be true or false",
    "dict_type": lambda _: "must be a group of settings, one `key: value` per line",
    "model_type": lambda _: "must be a group of settings, one `key: value` per line",
    "model_attributes_type": lambda _: "must be a group of settings, one `key: value` per line",
    "list_type": lambda _: "must be a list, like [one, two]",
    "tuple_type": lambda _: "must be a list, like [one, two]",
    "literal_error": _one_of,
    "enum": _one_of,
    "greater_than": lambda context: f"must be greater than {context['gt']}",
    "greater_than_equal": lambda context: f"must be at least {context['ge']}",
    "less_than": lambda context: f"must be less than {context['lt']}",
    "less_than_equal": lambda context: f"must be at most {context['le']}",
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda context: f"must not be longer than {context['max_length']} characters",
    "too_short": lambda _: "must not be empty",
    "value_error": lambda context: str(context["error"]),
}


def describe(error: ErrorDetails) -> str:
    """What is wrong with one value, as the end of a sentence that begins with the value."""
    sentence = SENTENCES.get(error["type"])
    return sentence(error.get("ctx", {})) if sentence else "cannot be used here"


def faults_of(error: ValidationError, root: Node, model: type[BaseModel]) -> Iterator[Fault]:
    """Every error with the file and line that caused it."""
    details = error.errors(include_url=False)
    strange = {detail["loc"][:-1] for detail in details if detail["loc"][-1:] == ("[key]",)}
    for detail in details:
        loc = detail["loc"]
        if loc[-1:] != ("[key]",) and any(loc[:parts] in strange for parts in range(len(loc) + 1)):
            continue
        if detail["type"] == "extra_forbidden":
            yield key_fault(root, loc, f"is not a setting{did_you_mean(str(loc[-1]), words(model))}")
        elif detail["type"] == "missing":
            yield key_fault(root, loc, "is missing")
        elif loc[-1:] == ("[key]",):
            yield key_fault(root, loc[:-1], describe(detail))
        else:
            yield value_fault(root, loc, describe(detail))


def value_fault(root: Node, loc: Loc, sentence: str) -> Fault:
    """A sentence about the value at `loc`: its name, what stands there if it is a single value, what is wrong."""
    node = root.at(loc)
    if node.value is None:
        sentence = "is empty; give it a value, or remove the line"
    value = f"{shown(node.text)} " if node.value is not None and node.text else ""
    name = dotted(part for part, _ in root.steps(loc))
    return Fault(node.place, node.line, f"{name}: {value}{sentence}" if name else sentence)


def key_fault(root: Node, loc: Loc, sentence: str) -> Fault:
    """A sentence about the key at `loc`, or about its absence."""
    node = root.at(loc)
    known = [part for part, _ in root.steps(loc)]
    parts = known if known[-1:] == list(loc[-1:]) else [*known, *loc[-1:]]
    return Fault(node.place, node.line, f"{shown(dotted(parts))} {sentence}")


def dotted(loc: Iterable[str | int]) -> str:
    """A place inside a file as people write it: `kinds[2]` is the second of kinds."""
    name = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    return name if name.isprintable() else shown(name).strip('"')


def words(model: type[BaseModel]) -> Iterator[str]:
    """Every key that has a meaning somewhere in the file."""
    for name, field in model.model_fields.items():
        yield name
        for inner in _models(field.annotation):
            yield from words(inner)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
