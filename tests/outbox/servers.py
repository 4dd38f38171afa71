"""Real servers on this machine: SMTP by aiosmtpd, and an SMS gateway over plain HTTP."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from aiosmtpd.controller import Controller

from appliance.settings import MailSettings


class Inbox:
    """Keeps what arrives; answers as told."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.recipient_answer = ""
        self.data_answer = ""

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802
        if self.recipient_answer:
            return self.recipient_answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_answer:
            return self.data_answer
        self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 Message accepted"


class OnFreePort(Controller):
    """Asks the system for a port, so that no other test can have it."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class SmtpServer:
    """An SMTP server on a free port, as a context."""

    def __init__(self) -> None:
        self.inbox = Inbox()

    def __enter__(self) -> Self:
        self._controller = OnFreePort(self.inbox, hostname="127.0.0.1", port=0)
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def settings(self) -> MailSettings:
        return MailSettings(host="127.0.0.1", port=self.port, encryption="none")


class SmsGateway:
    """An HTTP gateway on a free port, as a context."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.posts: list[tuple[dict[str, str], dict[str, str]]] = []

    def __enter__(self) -> Self:
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.posts.append((dict(self.headers), json.loads(body)))
                self.send_response(gateway.status)
                self.send_header("Location", "http://192.0.2.1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/sms"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
