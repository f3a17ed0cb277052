"""The sandbox as a running server: `start(config)` in a thread, for tests and for `python -m sandbox`."""

import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from sandbox import control, page, web_api
from sandbox.answers import post_answer
from sandbox.config import SandboxConfig
from sandbox.delivery import Courier
from sandbox.errors import Refusal, SlackError
from sandbox.slack import Slack
from sandbox.sockets import Sockets

__all__ = ["Sandbox", "SandboxConfig", "start"]


class Sandbox:
    """A listening sandbox. `url` is its page, `api_url` what goes into SLACK_API_URL."""

    def __init__(self, config: SandboxConfig) -> None:
        self._listener = socket.create_server((config.host, config.port))
        self._listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        port = self._listener.getsockname()[1]
        self.url = f"http://{config.host}:{port}"
        self.api_url = f"{self.url}/api/"
        sockets = Sockets(config.app_id)
        self.slack = Slack(config, self.url, sockets, Courier(config, sockets))
        self._server = _quiet_server(build(self.slack, self._drop))
        sockets.freeze = self._freeze
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._listener]}, daemon=True)

    def __enter__(self) -> "Sandbox":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Close every connection and wait until the thread has ended."""
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._listener.close()

    def _drop(self, client: Any) -> None:
        for connection in self._connections(client):
            connection.transport.close()

    def _freeze(self, client: Any) -> None:
        """Leave a client's socket open, but read nothing more of what it sends, pings included, and send no pings."""
        for connection in self._connections(client):
            connection.transport.pause_reading()
            connection.stop_keepalive()

    def _connections(self, client: Any) -> Iterator[Any]:
        for connection in list(self._server.server_state.connections):
            if connection.transport and tuple(getattr(connection, "client", None) or ()) == tuple(client or ()):
                yield connection


def start(config: SandboxConfig | None = None) -> Sandbox:
    """A sandbox that listens as soon as it is entered: `with start(SandboxConfig()) as slack: …`."""
    return Sandbox(config or SandboxConfig())


def build(slack: Slack, drop: Callable[[Any], None]) -> Starlette:
    """The ASGI application over this state; `drop` closes a client's connection without an answer."""

    async def serve_socket(websocket: WebSocket) -> None:
        await slack.sockets.serve(websocket)

    routes = [
        Route("/api/{method}", partial(web_api.answer, slack, drop), methods=["GET", "POST"]),
        WebSocketRoute("/_socket", serve_socket),
        Route("/_response/{key}", partial(_respond, slack), methods=["POST"]),
        Route("/_upload/{file_id}", partial(_upload, slack), methods=["POST"]),
        Route("/_file/{file_id}", partial(_show_file, slack)),
        *control.routes(slack),
        *page.routes(slack),
    ]
    return Starlette(routes=routes, exception_handlers={Refusal: _refused}, lifespan=partial(_lifespan, slack))


def _quiet_server(app: Starlette) -> uvicorn.Server:
    config = uvicorn.Config(
        app, http="h11", ws="websockets-sansio", log_level="critical", access_log=False, timeout_graceful_shutdown=1
    )
    return uvicorn.Server(config)


@asynccontextmanager
async def _lifespan(slack: Slack, _: Starlette) -> AsyncIterator[None]:
    yield
    for task in slack.retries:
        task.cancel()
    await slack.courier.close()


async def _respond(slack: Slack, request: Request) -> Response:
    try:
        where = slack.tickets.spend_response_url(request.path_params["key"])
        post_answer(slack, where, await web_api.read_args(request))
    except SlackError as error:
        gone = error.code in {"expired_url", "used_url"}
        return JSONResponse(error.body(), status_code=404 if gone else 400)
    return PlainTextResponse("ok")


async def _upload(slack: Slack, request: Request) -> Response:
    file, content = slack.files.get(request.path_params["file_id"]), await request.body()
    if file is None or len(content) != file.length:
        return PlainTextResponse("no such file, or not as long as was said", status_code=400)
    file.content = content
    return PlainTextResponse(f"OK - {file.length}")


async def _show_file(slack: Slack, request: Request) -> Response:
    file = slack.files.get(request.path_params["file_id"])
    if file is None or file.content is None:
        raise Refusal(404, "There is no such file.")
    return Response(file.content, media_type="image/png")


async def _refused(_: Request, refusal: Exception) -> Response:
    status, sentence = (refusal.status, refusal.sentence) if isinstance(refusal, Refusal) else (500, str(refusal))
    return JSONResponse({"ok": False, "error": sentence}, status_code=status)
