"""The installed Netron served to the browser on this machine, with a network of ours."""

import ipaddress
import socket
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import wnnx
from nnviz.errors import ViewError
from nnviz.netron.package import asset, content_type
from nnviz.netron.page import SERVED, index
from nnviz.netron.resources import Resources, resources
from wnnx.graph import Graph

HEADERS = {
    "Content-Security-Policy": f"{SERVED}; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Server:
    """A running server; closing it, or leaving its `with`, ends it."""

    def __init__(self, http: ThreadingHTTPServer, url: str) -> None:
        self.url = url
        self._http = http
        self._thread = threading.Thread(target=http.serve_forever, name="nnviz", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Serve until Ctrl-C, which it takes as the end and not as an error."""
        try:
            while self._thread.is_alive():
                self._thread.join(timeout=1)  # Windows looks for Ctrl-C only in between
        except KeyboardInterrupt:
            self.close()

    def close(self) -> None:
        """Stop serving; the port is free again."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def serve(
    model: Graph | str | Path, *, host: str = "127.0.0.1", port: int = 0, browse: bool = True
) -> Server:
    """Show a network in Netron, served by this process until it is closed.

    Args:
        model: A graph, or the path of a `.wnnx` file.
        host: Address to listen on; only this machine can reach the default.
        port: Port to listen on; 0 takes a free one.
        browse: Whether to open the page in the browser.

    Returns:
        The running server.

    Raises:
        WnnxError: if the file cannot be read.
        ViewError: if nothing can listen on that address.
    """
    graph = model if isinstance(model, Graph) else wnnx.load(model, checksums=False)
    title = graph.name if isinstance(model, Graph) else Path(model).name
    answers = {"found": resources(graph), "page": index(title).encode(), "listening": host}
    try:
        http = _HTTPServer((host, port), type("Handler", (_Handler,), answers))
    except (OSError, OverflowError) as error:
        raise ViewError(
            f"cannot listen on {host}:{port}: {error}; choose another --port"
        ) from None
    address = f"[{host}]" if ":" in host else host
    server = Server(http, f"http://{address}:{http.server_address[1]}/")
    if browse:
        webbrowser.open(server.url)
    return server


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]
    ) -> None:
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        super().__init__(address, handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away in the middle of an answer."""


class _Handler(BaseHTTPRequestHandler):
    """Answers one browser; `serve` says with what."""

    timeout = 60
    found: Resources
    page: bytes
    listening: str

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet."""

    def _answer(self) -> None:
        hosts, origins = self.headers.get_all("Host"), self.headers.get_all("Origin")
        name = unquote(urlsplit(self.path).path).removeprefix("/")
        if not _is_ours(hosts, origins, self.listening):
            self._send(403, "text/plain", b"nnviz answers only pages of its own\n")
        elif name in {"", "index.html"}:
            self._send(200, "text/html; charset=utf-8", self.page)
        elif (content := self.found.get(name)) is not None:
            self._send(200, "application/octet-stream", content)
        elif (content := asset(name)) is not None:
            self._send(200, content_type(name) or "", content)
        else:
            self._send(404, "text/plain", b"nothing here is called that\n")

    def _send(self, status: int, kind: str, content: bytes | memoryview) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _is_ours(hosts: list[str] | None, origins: list[str] | None, listening: str) -> bool:
    """Tell whether a request was made by our own page, or by a person.

    A page of another site that has its own name point here (DNS rebinding) sends that name: so
    the host must be an address, localhost or what we were told to listen on. Any port will do:
    it may be a tunnel's.
    """
    if hosts is None or len(hosts) != 1:
        return False
    name = _host_name(hosts[0])
    if name not in {"localhost", listening.lower()} and not _is_address(name):
        return False
    return origins is None or origins == [f"http://{hosts[0]}"]


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
