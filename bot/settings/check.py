"""One file at a time: laid over the shipped one, checked, its faults collected."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bot.settings.faults import Fault
from bot.settings.nodes import Loc, Node, overlay
from bot.settings.sentences import faults_of, value_fault

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
            faulty = [tuple(part for part, _ in node.steps(each["loc"])) for each in error.errors()]
            rest = self.own[name].without(faulty) if name in self.own else None
            found = self._usable(model, overlay(self.shipped[name], rest) if rest else self.shipped[name])
        if found:
            self.say(name, said(found))
        return found

    def shipped_file(self, name: str, model: type[FileModel]) -> FileModel | None:
        """The file as shipped."""
        return self._usable(model, self.shipped[name])

    def say(self, name: str, said: Said) -> None:
        """Sentences about values of a file become faults with their lines."""
        node = self._in_force(name)
        self.faults.extend(value_fault(node, loc, sentence) for loc, sentence in said)

    def _in_force(self, name: str) -> Node:
        return overlay(self.shipped[name], self.own[name]) if name in self.own else self.shipped[name]

    def _validated(self, model: type[FileModel], node: Node) -> FileModel:
        return model.model_validate(node.plain(), context=self.context)

    def _usable(self, model: type[FileModel], node: Node) -> FileModel | None:
        try:
            return self._validated(model, node)
        except ValidationError:
            return None
