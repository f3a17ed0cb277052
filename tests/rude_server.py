"""An HTTP server that answers every request with the same bytes, whatever HTTP says about it, or not at all."""

import socket
import threading
from queue import Queue
from types import TracebackType


class RudeServer:
    """Reads each request whole, then sends `reply` and hangs up; with `reply=None` it keeps silent until it is closed.

    `requests` counts what came in, `bodies` holds it.
    """

    def __init__(self, reply: bytes | None) -> None:
        self._reply = reply
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.requests = 0
        self.bodies: Queue[bytes] = Queue()

    @property
    def api_url(self) -> str:
        """What goes into SLACK_API_URL."""
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/api/"

    def __enter__(self) -> "RudeServer":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._closed.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(timeout=5)

    def _serve(self) -> None:
        while not self._closed.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                body = _read_request(connection)
                self.requests += 1
                self.bodies.put(body)
                if self._reply is None:
                    self._closed.wait(30)
                else:
                    connection.sendall(self._reply)


def answer(body: bytes, *, status: str = "200 OK", header: str = "", length: int | None = None) -> bytes:
    """An HTTP answer; `length` is what Content-Length claims, the body's own unless said otherwise."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    return "\r\n".join([*lines, *([header] if header else []), "", ""]).encode() + body


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _read_request(connection: socket.socket) -> bytes:
    with connection.makefile("rb") as incoming:
        length = 0
        while (line := incoming.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        return incoming.read(length)
