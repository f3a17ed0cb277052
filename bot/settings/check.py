"""One file at a time: laid over the shipped one, checked, its faults collected."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.settings.faults import Fault
from bot.settings.nodes import Loc, Node, overlay
from bot.settings.sentences import faults_of, value_fault

REPAIRS = 5
"""How often faulty places are taken out: what is left of a group may be faulty in its turn."""

FileModel = TypeVar("FileModel", bound=BaseModel)
Said = Iterable[tuple[Loc, str]]


@dataclass(frozen=True, slots=True)
class Check:
    """The files as shipped and as the operator has them; `faults` grows with every one looked at."""

    shipped: Mapping[str, Node]
    own: Mapping[str, Node]
    faults: list[Fault]
    context: Mapping[str, Any]

    def file(self, name: str, model: type[FileModel], said: Callable[[FileModel], Said]) -> FileModel | None:
        """The file as its model, None when it cannot be used at all; `said` tells what contradicts itself in it.

        After a fault the rest of the file is still looked at, with the shipped values in the faulty places.
        """
        if name not in self.shipped:
            return None
        node = self._in_force(name)
        found: FileModel | None
        try:
            found = self._validated(model, node)
        except ValidationError as error:
            self.faults.extend(faults_of(error, node, model))
            found = self._without_faults(name, model, error)
        if found:
            self.say(name, said(found))
        return found

    def shipped_file(self, name: str, model: type[FileModel]) -> FileModel | None:
        """The file as shipped."""
        try:
            return self._validated(model, self.shipped[name])
        except ValidationError:
            return None

    def say(self, name: str, said: Said) -> None:
        """Sentences about values of a file become faults with their lines."""
        node = self._in_force(name)
        self.faults.extend(value_fault(node, loc, sentence) for loc, sentence in said)

    def _in_force(self, name: str) -> Node:
        return overlay(self.shipped[name], self.own[name]) if name in self.own else self.shipped[name]

    def _validated(self, model: type[FileModel], node: Node) -> FileModel:
        return model.model_validate(node.plain(), context=self.context)

    def _without_faults(self, name: str, model: type[FileModel], error: ValidationError) -> FileModel | None:
        rest, node = self.own.get(name), self._in_force(name)
        for _ in range(REPAIRS):
            faulty = [tuple(part for part, _ in node.steps(each["loc"])) for each in error.errors()]
            rest = rest.without(faulty) if rest else None
            node = overlay(self.shipped[name], rest) if rest else self.shipped[name]
            try:
                return self._validated(model, node)
            except ValidationError as next_error:
                error = next_error
        return None
