"""Serves the front end's own files with the appliance's own headers, without the appliance."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from appliance.web.assets import TYPES, UI_DIR
from appliance.web.security import HEADERS


class Files(BaseHTTPRequestHandler):
    """An empty page at ``/``, files of ``kiosk_ui`` below it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        file = UI_DIR / self.path.lstrip("/")
        if self.path == "/":
            self._answer(b"<!doctype html><meta charset=utf-8><title>.</title>", "text/html")
        elif file.suffix in TYPES and file.is_file():
            self._answer(file.read_bytes(), TYPES[file.suffix])
        else:
            self.send_error(404)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def front_end() -> Iterator[str]:
    """The address of the page."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
