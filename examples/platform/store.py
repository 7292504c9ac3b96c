"""What the platform itself keeps: accounts, what children wrote, which webhooks came. One SQLite file."""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    token TEXT PRIMARY KEY, service TEXT NOT NULL, subject TEXT NOT NULL UNIQUE, session TEXT NOT NULL,
    nickname TEXT NOT NULL, age TEXT NOT NULL, changed INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS writing (
    id INTEGER PRIMARY KEY, subject TEXT NOT NULL, text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS hook (
    id TEXT PRIMARY KEY, service TEXT NOT NULL, kind TEXT NOT NULL, session TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS forgotten (
    token TEXT PRIMARY KEY, service TEXT NOT NULL, at TEXT NOT NULL
);
"""


@dataclass(frozen=True, slots=True)
class Account:
    """One child at one service. `subject` is a pseudonym made for this service alone."""

    token: str
    service: str
    subject: str
    session: str
    nickname: str
    age: str  # JSON, as the child said it
    changed: int = 0
    closed: bool = False


class Store:
    """One connection, one lock: a handful of visitors."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._base.executescript("PRAGMA journal_mode=WAL;" + SCHEMA)

    def _do(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._base.execute(sql, values).fetchall()

    def open_account(self, account: Account) -> None:
        """Keep a new account."""
        self._do(
            "INSERT INTO account (token, service, subject, session, nickname, age) VALUES (?, ?, ?, ?, ?, ?)",
            account.token,
            account.service,
            account.subject,
            account.session,
            account.nickname,
            account.age,
        )

    def account(self, token: str, service: str) -> Account | None:
        """The account that this cookie opens at this service."""
        rows = self._do(
            "SELECT token, service, subject, session, nickname, age, changed, closed FROM account"
            " WHERE token = ? AND service = ?",
            token,
            service,
        )
        if not rows:
            return None
        kept, own, subject, session, nickname, age, changed, closed = rows[0]
        return Account(
            str(kept),
            str(own),
            str(subject),
            str(session),
            str(nickname),
            str(age),
            int(str(changed)),
            bool(closed),
        )

    def touch(self, session: str) -> None:
        """Something about this session changed: its page shows it at the next look."""
        self._do("UPDATE account SET changed = changed + 1 WHERE session = ?", session)

    def close(self, token: str) -> None:
        """The child closed the account."""
        self._do("UPDATE account SET closed = 1, changed = changed + 1 WHERE token = ?", token)

    def write(self, subject: str, text: str) -> None:
        """Keep what the child wrote."""
        self._do("INSERT INTO writing (subject, text) VALUES (?, ?)", subject, text)

    def writings(self, subject: str) -> list[str]:
        """What the child wrote, the newest first."""
        return [
            str(row[0])
            for row in self._do("SELECT text FROM writing WHERE subject = ? ORDER BY id DESC", subject)
        ]

    def forget(self, subject: str, now: datetime) -> dict[str, int]:
        """Delete the account and all that the child wrote; returns how many rows went, by kind."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            self._base.execute(
                "INSERT OR REPLACE INTO forgotten (token, service, at)"
                " SELECT token, service, ? FROM account WHERE subject = ?",
                (now.isoformat(), subject),
            )
            writings = self._base.execute("DELETE FROM writing WHERE subject = ?", (subject,)).rowcount
            accounts = self._base.execute("DELETE FROM account WHERE subject = ?", (subject,)).rowcount
            self._base.execute("COMMIT")
        return {"accounts": accounts, "writings": writings}

    def was_forgotten(self, token: str, service: str) -> bool:
        """The data behind this cookie were deleted here."""
        return bool(self._do("SELECT 1 FROM forgotten WHERE token = ? AND service = ?", token, service))

    def keep_hook(self, event: str, service: str, kind: str, session: str, at: datetime) -> bool:
        """Note a webhook; False when it had come before (they arrive at least once)."""
        with self._lock:
            kept = self._base.execute(
                "INSERT OR IGNORE INTO hook (id, service, kind, session, at) VALUES (?, ?, ?, ?, ?)",
                (event, service, kind, session, at.isoformat()),
            )
            return kept.rowcount == 1

    def hooks(self, session: str) -> list[tuple[str, datetime]]:
        """The webhooks about this session, (kind, time), the newest first."""
        rows = self._do("SELECT kind, at FROM hook WHERE session = ? ORDER BY at DESC LIMIT 20", session)
        return [(str(kind), datetime.fromisoformat(str(at))) for kind, at in rows]
