"""Acts at the same moment, for tests of rooms: threads that start as one, on a database that lets several write."""

import sqlite3
import threading
from contextlib import closing

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from ruangaman.core.errors import RuangAmanError


def together(*acts):
    """Run the acts in threads that start as one; returns what each gave, or the code of its refusal."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            barrier.wait(timeout=10)
            results[place] = act()
        except RuangAmanError as refused:
            results[place] = refused.code
        except Exception as broken:  # a thread would swallow it
            results[place] = broken
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not [one for one in results if isinstance(one, Exception)], results
    return results


@pytest.fixture(autouse=True)
def writers(transactional_db, tmp_path):
    """A database that lets several connections write: a file in place of SQLite's one in memory."""
    if connection.vendor != "sqlite":
        yield
        return
    memory = connections[DEFAULT_DB_ALIAS]
    told = connections.settings[DEFAULT_DB_ALIAS]
    kept = told["NAME"]
    copy = tmp_path / "writers.sqlite3"
    with closing(sqlite3.connect(copy)) as target:
        memory.connection.backup(target)
    told["NAME"] = str(copy)
    del connections[DEFAULT_DB_ALIAS]
    yield
    connections[DEFAULT_DB_ALIAS].close()
    told["NAME"] = kept
    connections[DEFAULT_DB_ALIAS] = memory
