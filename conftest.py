"""What every test stands on: keys of its own, never those of an installation."""

import base64
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from tests.once import migrated

# A busy machine is no reason to fail. The whole run looks at the same inputs each time, so that a change alone turns it
# red; `make test-fast` looks at fewer and other ones each time, `HYPOTHESIS_PROFILE=explore` at as many other ones.
hypothesis.settings.register_profile("all", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.register_profile("fast", deadline=None, max_examples=20)


# The fixtures of pytest-django by which a test gets at the database.
DATABASE = frozenset({"db", "transactional_db", "django_db_setup", "live_server"})


FOLDERS: list[Path] = []


def pytest_configure() -> None:
    hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "all"))
    settings.MASTER_KEY = base64.b64encode(bytes(range(32))).decode()
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "ruangaman.rooms.access.oidc.hashing.RandomSecretHasher",
    ]  # a real one is slow by design
    settings.SECRET_KEY = "a key for tests alone, of no use anywhere else"  # noqa: S105
    _database_file()


def pytest_unconfigure() -> None:
    if FOLDERS:
        shutil.rmtree(FOLDERS.pop())


def _database_file() -> None:
    """
    SQLite stands in a file of this process, as an installation has it: in memory all threads share one connection, and
    meet locks for which nobody waits. The file stands in memory where the system offers that.
    """
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        memory = Path("/dev/shm")  # noqa: S108
        FOLDERS.append(Path(tempfile.mkdtemp(prefix="ruangaman-", dir=memory if memory.is_dir() else None)))
        database["TEST"]["NAME"] = str(FOLDERS[0] / "test.sqlite3")
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_keepdb(tmp_path_factory, django_db_modify_db_settings):  # noqa: ARG001  (it names the file)
    """SQLite begins as a copy of what was migrated once for all workers; migrations find nothing to do then."""
    if not FOLDERS:
        return False
    shutil.copy(migrated(tmp_path_factory), settings.DATABASES["default"]["TEST"]["NAME"])
    return True


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what speaks to the database: only that runs a second time on PostgreSQL."""
    for item in items:
        if item.get_closest_marker("django_db") or not DATABASE.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker("database")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):  # noqa: ARG001  (the fixture that this one follows)
    """A test database without the ledger's triggers, so that a transactional test can be emptied after it.

    The tests of the triggers set them again for themselves.
    """
    from django.db import connection

    from ruangaman.rooms.ledger import triggers

    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        triggers.drop(None, editor)


@pytest.fixture(autouse=True)
def _no_lookup_key_of_another_database():
    """A test that empties the database takes the key of the look-ups with it; the process must not remember it."""
    yield
    from ruangaman.rooms.vault import api as vault

    vault._lookup_keys.clear()
