"""Which mails arrived? A mail server on this machine that keeps the Message-ID of each."""

import contextlib
import re
import socketserver
import threading
from collections import Counter


class Sink:
    """Takes what is sent to it. delay:
    seconds before it says that it has a mail, so that kills fall between."""

    def __init__(self, *, delay: float = 0.0) -> None:
        self.arrived: Counter[str] = Counter()
        arrived = self.arrived

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):  # the worker was killed
                    self._talk()

            def _talk(self) -> None:
                self._say("220 sink")
                while line := self.rfile.readline():
                    word = line.split(b" ")[0].strip().upper()
                    if word == b"EHLO":
                        self._say("250 sink")
                    elif word == b"DATA":
                        self._say("354 go on")
                        self._take()
                    elif word == b"QUIT":
                        self._say("221 bye")
                        return
                    else:
                        self._say("250 ok")

            def _take(self) -> None:
                lines = []
                while (line := self.rfile.readline()) and line != b".\r\n":
                    lines.append(line)
                found = re.search(rb"^Message-ID:\s*(\S+)", b"".join(lines), re.MULTILINE | re.IGNORECASE)
                arrived[found.group(1).decode() if found else "none"] += 1
                threading.Event().wait(delay)
                self._say("250 taken")

            def _say(self, words: str) -> None:
                self.wfile.write(f"{words}\r\n".encode())

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> "Sink":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
