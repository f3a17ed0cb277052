"""The whole of OpenAPI: as FastAPI tells it, with the examples as they were given."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

Document = dict[str, Any]


def illustrated(plain: Callable[[], Document], routes: APIRouter) -> Callable[[], Document]:
    """The document of `plain`, with every example of the routes whole: FastAPI leaves out whatever is null in one."""

    def openapi() -> Document:
        document = plain()
        for operation, route in _operations(document, routes):
            for part, given in _parts(operation, route):
                for kind, content in given.get("content", {}).items():
                    part["content"][kind] |= {name: content[name] for name in content if name.startswith("example")}
        return document

    return openapi


def _operations(document: Document, routes: APIRouter) -> Iterator[tuple[Document, APIRoute]]:
    for route in routes.routes:
        if isinstance(route, APIRoute):
            yield from ((document["paths"][route.path][method.lower()], route) for method in route.methods or ())


def _parts(operation: Document, route: APIRoute) -> Iterator[tuple[Document, Mapping[str, Any]]]:
    """Each part of an operation that has content, beside what the route said of it."""
    if "requestBody" in (route.openapi_extra or {}):
        yield operation["requestBody"], (route.openapi_extra or {})["requestBody"]
    for status, given in route.responses.items():
        yield operation["responses"][str(status)], given
