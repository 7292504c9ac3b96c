"""Migrations are complete, go forward and back, and lead to the same tables, on SQLite and on PostgreSQL."""

import os
import subprocess
import sys

import pytest
from tests.architecture.source import ROOT
from tests.postgres import cluster

ROOMS = ("access", "families", "vault", "ledger")  # the upper ones first, as they are taken back


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory):
    """An empty database; gives a function that runs a Django command on it."""
    data = tmp_path_factory.mktemp(request.param)

    def runner(url: str):
        env = {**os.environ, "RUANGAMAN_DATA_DIR": str(data), "RUANGAMAN_DATABASE_URL": url}
        env["DJANGO_SETTINGS_MODULE"] = "ruangaman.site.settings"

        def run(*command: str) -> str:
            done = subprocess.run(
                [sys.executable, "-W", "error::RuntimeWarning", "-m", "django", *command],
                env=env,
                cwd=ROOT,
                capture_output=True,
                text=True,
                timeout=300,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout

        return run

    if request.param == "sqlite":
        yield runner(f"sqlite:///{data / 'house.sqlite3'}")
    else:
        with cluster() as url:
            yield runner(url)


def test_no_change_of_a_model_lacks_its_migration(database):
    assert "No changes detected" in database("makemigrations", "--check", "--dry-run")


def test_every_migration_goes_forward_back_and_forward_again(database):
    database("migrate", "--verbosity", "0")
    tables = database("inspectdb")
    for room in ROOMS:
        database("migrate", room, "zero", "--verbosity", "0")
    left = database("inspectdb")
    assert [room for room in ROOMS if f"db_table = '{room}_" in left] == []
    database("migrate", "--verbosity", "0")
    assert database("inspectdb") == tables
