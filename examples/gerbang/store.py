"""What the gate keeps: which tokens were spent, and what it asked each visit. Nothing about a person."""

import sqlite3
import threading
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS spent (
    token_key_id BLOB NOT NULL, nonce BLOB NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (token_key_id, nonce)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS visit (
    id TEXT PRIMARY KEY, context BLOB NOT NULL, began INTEGER NOT NULL, open INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""
VISIT_S = 3600


class Store:
    """One SQLite file; each call is a transaction of its own."""

    def __init__(self, path: str | Path) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._base.executescript("PRAGMA journal_mode=WAL;" + SCHEMA)

    def spend(self, nonce: bytes, token_key_id: bytes, until: int) -> bool:
        """Put the pair in; False when it stood there. One statement, so that two at once cannot both be first."""
        with self._lock:
            done = self._base.execute(
                "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (token_key_id, nonce, until)
            )
            return done.rowcount == 1

    def forget(self, now: int) -> None:
        """What nobody can use any more: tokens of ended keys, old visits."""
        with self._lock:
            self._base.execute("DELETE FROM spent WHERE until < ?", (now,))
            self._base.execute("DELETE FROM visit WHERE began < ?", (now - VISIT_S,))

    def begin(self, visit: str, context: bytes, now: int) -> None:
        """Keep what this visit is asked with."""
        with self._lock:
            self._base.execute(
                "INSERT INTO visit (id, context, began) VALUES (?, ?, ?)", (visit, context, now)
            )

    def context(self, visit: str, now: int) -> bytes | None:
        """What this visit was asked with; None when there is none."""
        with self._lock:
            row = self._base.execute(
                "SELECT context FROM visit WHERE id = ? AND began >= ?", (visit, now - VISIT_S)
            ).fetchone()
        return bytes(row[0]) if row else None

    def open(self, visit: str) -> None:
        """This visit proved the age."""
        with self._lock:
            self._base.execute("UPDATE visit SET open = 1 WHERE id = ?", (visit,))

    def is_open(self, visit: str, now: int) -> bool:
        """Whether this visit proved the age, within the hour."""
        with self._lock:
            row = self._base.execute(
                "SELECT open FROM visit WHERE id = ? AND began >= ?", (visit, now - VISIT_S)
            ).fetchone()
        return bool(row and row[0])
