"""What the platform itself keeps: accounts, what children wrote, which webhooks came, which age cards are spent.

One SQLite file. Of an age that was shown it keeps the yes: no card, no token, no credential, no birth date.
"""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    token TEXT PRIMARY KEY, service TEXT NOT NULL, subject TEXT NOT NULL UNIQUE, session TEXT NOT NULL,
    nickname TEXT NOT NULL, age TEXT NOT NULL, changed INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0,
    way TEXT NOT NULL DEFAULT ''
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
CREATE TABLE IF NOT EXISTS spent (
    token_key_id BLOB NOT NULL, nonce BLOB NOT NULL, until INTEGER NOT NULL, PRIMARY KEY (token_key_id, nonce)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leaving (
    state TEXT PRIMARY KEY, service TEXT NOT NULL, nonce TEXT NOT NULL, verifier TEXT NOT NULL
);
"""
MOST_LEAVING = 200


@dataclass(frozen=True, slots=True)
class Account:
    """
    One child at one service. `subject` is a pseudonym made for this service alone.

    `way`: how the age was shown (`proving`); empty where it was typed. `session` is empty for who signed in through the
    house, until an event names it.
    """

    token: str
    service: str
    subject: str
    session: str
    nickname: str
    age: str  # JSON, as the child said it
    changed: int = 0
    closed: bool = False
    way: str = ""


class Store:
    """One connection, one lock: a handful of visitors."""

    def __init__(self, path: Path | str) -> None:
        self._lock = threading.Lock()
        self._base = sqlite3.connect(str(path), check_same_thread=False, isolation_level=None)
        self._base.executescript("PRAGMA journal_mode=WAL; PRAGMA secure_delete=ON;" + SCHEMA)
        if not any(row[1] == "way" for row in self._do("PRAGMA table_info(account)")):
            self._do("ALTER TABLE account ADD COLUMN way TEXT NOT NULL DEFAULT ''")

    def _do(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            return self._base.execute(sql, values).fetchall()

    def open_account(self, account: Account) -> None:
        """Keep an account; who signs in again goes on with the one that is there."""
        self._do(
            "INSERT INTO account (token, service, subject, session, nickname, age, way)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject) DO UPDATE SET"
            " token = excluded.token, age = excluded.age, closed = 0, changed = changed + 1",
            account.token,
            account.service,
            account.subject,
            account.session,
            account.nickname,
            account.age,
            account.way,
        )

    def prove(self, token: str, way: str, age: str) -> None:
        """The age was shown: the yes takes the place of what was typed."""
        self._do(
            "UPDATE account SET way = ?, age = ?, changed = changed + 1 WHERE token = ?", way, age, token
        )

    def name_session(self, subject: str, session: str) -> None:
        """An event told by which id the house knows somebody who signed in through it."""
        self._do(
            "UPDATE account SET session = ?, changed = changed + 1 WHERE subject = ? AND session = ''",
            session,
            subject,
        )

    def unnamed(self, service: str) -> bool:
        """Whether somebody signed in of whom no event came yet."""
        return bool(self._do("SELECT 1 FROM account WHERE service = ? AND session = '' LIMIT 1", service))

    def knows(self, session: str) -> bool:
        """Whether this session belongs to an account here."""
        return bool(self._do("SELECT 1 FROM account WHERE session = ?", session))

    def spend(self, nonce: bytes, token_key_id: bytes, until: int) -> bool:
        """Note a card; False when it was taken before. One statement, so that two at once cannot both be first."""
        with self._lock:
            done = self._base.execute(
                "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (token_key_id, nonce, until)
            )
            return done.rowcount == 1

    def remember(self, state: str, service: str, nonce: str, verifier: str) -> None:
        """Somebody leaves for the house."""
        self._do("INSERT INTO leaving VALUES (?, ?, ?, ?)", state, service, nonce, verifier)
        self._do(
            "DELETE FROM leaving WHERE rowid <= (SELECT max(rowid) FROM leaving) - ?",
            MOST_LEAVING,
        )

    def recall(self, state: str, service: str) -> tuple[str, str] | None:
        """What was remembered, once: nonce and verifier."""
        rows = self._do(
            "DELETE FROM leaving WHERE state = ? AND service = ? RETURNING nonce, verifier", state, service
        )
        return (str(rows[0][0]), str(rows[0][1])) if rows else None

    def account(self, token: str, service: str) -> Account | None:
        """The account that this cookie opens at this service."""
        rows = self._do(
            "SELECT token, service, subject, session, nickname, age, changed, closed, way FROM account"
            " WHERE token = ? AND service = ?",
            token,
            service,
        )
        if not rows:
            return None
        kept, own, subject, session, nickname, age, changed, closed, way = rows[0]
        return Account(
            str(kept),
            str(own),
            str(subject),
            str(session),
            str(nickname),
            str(age),
            int(str(changed)),
            bool(closed),
            str(way),
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
