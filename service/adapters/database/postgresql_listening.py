"""Hear of other processes' commits: LISTEN on a connection of its own, counted for `changes()`.

A commit that gives workers something to do says so (`Transaction.freed`).
A notification can be lost with the connection, so losing it and having it
again count as changes too, and workers look now and then whatever they hear.
"""

import contextlib
import logging
import secrets
import select
import socket
import threading
from collections.abc import Callable
from typing import Any

import psycopg

from service.telemetry.spell import Spell

log = logging.getLogger(__name__)

CHANNEL = "hoclieu_work"
# How long a lost connection waits before it is tried again.
AGAIN_SECONDS = 0.5


class Listener:
    """Counts notifications of others, and `bump`s of one's own process. Safe for threads."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        """connect: a fresh connection in autocommit."""
        self._connect = connect
        self.name = secrets.token_hex(8)
        """What one's own notifications carry: they were counted when they were made."""
        self._number = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._waker: socket.socket | None = None
        self._deaf = Spell(log, "not-listening")

    def number(self) -> int:
        """Begins to listen when it is asked first. Raises: psycopg.Error: it cannot begin."""
        with self._lock:
            if self._thread is None:
                connection = self._listening()
                self._stop.clear()
                self._waker, woken = socket.socketpair()
                self._thread = threading.Thread(
                    target=self._run, args=(connection, woken), name="listener", daemon=True
                )
                self._thread.start()
            return self._number

    def bump(self) -> None:
        with self._lock:
            self._number += 1

    def close(self) -> None:
        """May be asked again afterwards, and counts on."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._stop.set()
            if self._waker is not None:
                self._waker.close()
                self._waker = None
        if thread is not None:
            thread.join()
        self.bump()

    def _listening(self) -> psycopg.Connection[Any]:
        connection = self._connect()
        try:
            connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def _run(self, connection: psycopg.Connection[Any], woken: socket.socket) -> None:
        held: psycopg.Connection[Any] | None = connection
        with woken:
            while not self._stop.is_set():
                try:
                    if held is None:
                        held = self._listening()
                        self._deaf.over()
                        self.bump()
                    self._hear(held, woken)
                except psycopg.Error as error:
                    # Its words may name hosts and users; the sentence at the start says them.
                    self._deaf.tell(error=type(error).__name__)
                    if held is not None:
                        held.close()
                        held = None
                        self.bump()
                    self._stop.wait(AGAIN_SECONDS)
            if held is not None:
                with contextlib.suppress(psycopg.Error):
                    held.close()

    def _hear(self, connection: psycopg.Connection[Any], woken: socket.socket) -> None:
        while not self._stop.is_set():
            ready, _, _ = select.select([connection.fileno(), woken.fileno()], [], [])
            if woken.fileno() in ready:
                return
            for notification in connection.notifies(timeout=0):
                if notification.payload != self.name:
                    self.bump()
