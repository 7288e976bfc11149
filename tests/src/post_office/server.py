"""An SMTP server that behaves as it is told, a line of JSON at a time on standard input; it ends when that is closed.

Its argument says what stays: {"login": [user, password] or null, "tls": "none", "starttls" or "tls", "utf8": bool,
"ca": where to write the certificate of its authority}. The first line that it prints is its port.
"""

import asyncio
import base64
import json
import logging
import os
import socket
import ssl
import sys
import time
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")


class Office:
    """What it has received, and how it is to behave. It keeps its port while it is down."""

    def __init__(self, settings):
        self.settings = settings
        self.received, self.connections, self.commands = [], 0, []
        self.slow, self.think, self.greylisted, self.tries = 0, 0, 0, {}
        self.refused, self.answers = set(), {}
        self.drop_in_data, self.drop_after_data = 0, 0
        self.peers, self.server = set(), None
        self.place = self.bind()
        self.port = self.place.getsockname()[1]
        self.context = None
        if settings["tls"] != "none":
            # Slow to load, and most tests do without.
            import trustme

            authority = trustme.CA()
            authority.cert_pem.write_to_path(settings["ca"])
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            authority.issue_cert("localhost", "127.0.0.1").configure_cert(self.context)

    def bind(self, port=0):
        # Nobody else is given the port while a socket is bound to it, listening or not.
        place = socket.socket()
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        place.bind(("127.0.0.1", port))
        return place

    async def up(self):
        if self.server is None:
            at_once = self.context if self.settings["tls"] == "tls" else None
            loop = asyncio.get_running_loop()
            self.server = await loop.create_server(lambda: Desk(self), sock=self.bind(self.port), ssl=at_once)

    async def down(self):
        if self.server is not None:
            self.server.close()
            self.server = None
        self.hang_up()

    def hang_up(self):
        for peer in list(self.peers):
            if peer.transport is not None:
                peer.transport.abort()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return f"550 5.1.1 <{address}> is nobody here"
        self.tries[address] = self.tries.get(address, 0) + 1
        if self.tries[address] <= self.greylisted:
            return f"450 4.2.0 <{address}> is greylisted"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        if answer := self.answers.pop("END", None):
            return answer
        self.received.append({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "bytes": base64.b64encode(envelope.original_content).decode(),
            "at": time.time(),
        })
        if self.drop_after_data > 0:
            self.drop_after_data -= 1
            server.transport.abort()
        await asyncio.sleep(self.think / 1000)
        return "250 2.0.0 OK"

    def login(self, server, session, envelope, mechanism, data):
        user, password = self.settings["login"]
        known = data.login == user.encode() and data.password == password.encode()
        return AuthResult(success=known, handled=False)

    async def told(self, order):
        name, value = order["do"], order.get("value")
        if name in ("up", "down"):
            await getattr(self, name)()
        elif name == "hang_up":
            self.hang_up()
        elif name == "refuse":
            self.refused.add(value)
        elif name == "answer":
            self.answers[value[0]] = value[1]
        elif name in ("slow", "think", "greylisted", "drop_in_data", "drop_after_data"):
            setattr(self, name, value)
        return {"received": self.received, "connections": self.connections, "commands": self.commands}


class Desk(SMTP):
    """One connection."""

    def __init__(self, office):
        self.office = office
        login = office.settings["login"]
        super().__init__(
            office,
            hostname="post.example",
            enable_SMTPUTF8=office.settings["utf8"],
            tls_context=office.context if office.settings["tls"] == "starttls" else None,
            authenticator=office.login if login else None,
            auth_required=bool(login),
            auth_require_tls=False,
            auth_exclude_mechanism=None if login else ["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
        for name, method in list(self._smtp_methods.items()):
            self._smtp_methods[name] = self.noted(name, method)

    def connection_made(self, transport):
        if self.transport is None:
            self.office.connections += 1
            self.office.peers.add(self)
        super().connection_made(transport)

    def connection_lost(self, error):
        self.office.peers.discard(self)
        super().connection_lost(error)

    def noted(self, name, method):
        async def run(arg):
            self.office.commands.append(name)
            answer = self.office.answers.pop(name, None)
            if answer == "hang up":
                self.transport.abort()
            elif answer:
                await self.push(answer)
            else:
                await method(arg)

        return run

    async def push(self, status):
        if self.office.slow:
            await asyncio.sleep(self.office.slow / 1000)
        await super().push(status)
        if status.startswith("354") and self.office.drop_in_data > 0:
            self.office.drop_in_data -= 1
            self.transport.abort()


async def main():
    office = Office(json.loads(sys.argv[1]))
    await office.up()
    print(office.port, flush=True)
    while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
        print(json.dumps(await office.told(json.loads(line))), flush=True)
    # Whoever still speaks with it is not waited for.
    os._exit(0)


asyncio.run(main())
