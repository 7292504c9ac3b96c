"""From nothing to a working house, and no start with a setting that is missing or unsafe."""

import re
import stat

import pytest
from tests.house.conftest import House, a_key, free_port

from ruangaman.site import start
from ruangaman.site.story.house import House as StoryHouse

pytestmark = pytest.mark.slow


def test_init_makes_keys_that_only_their_owner_reads_and_a_second_init_changes_nothing(empty_house):
    first = empty_house.run("init")
    assert first.returncode == 0, first.stderr
    assert stat.S_IMODE(empty_house.data.stat().st_mode) == 0o700
    keys = {name: (empty_house.data / name).read_text() for name in ("secret.key", "master.key")}
    for name in keys:
        assert stat.S_IMODE((empty_house.data / name).stat().st_mode) == 0o600
    assert empty_house.run("init").returncode == 0
    assert keys == {name: (empty_house.data / name).read_text() for name in keys}
    for key in keys.values():
        assert key.strip() not in first.stdout + first.stderr


def test_without_keys_nothing_starts_and_the_way_out_is_named(empty_house):
    for command in (("serve", "web", "--port", str(free_port())), ("migrate",), ("ledger", "verify")):
        done = empty_house.run(*command)
        assert done.returncode == 1, command
        assert "RUANGAMAN_SECRET_KEY" in done.stderr
        assert "ruangaman init" in done.stderr
    assert not list(empty_house.data.glob("*.sqlite3"))


UNSAFE = [
    ({"RUANGAMAN_SECRET_KEY": "short"}, "RUANGAMAN_SECRET_KEY"),
    ({"RUANGAMAN_MASTER_KEY": "bm90IDMyIGJ5dGVz"}, "vault.master-key-refused"),
    ({"RUANGAMAN_MASTER_KEY": "not base64!"}, "vault.master-key-refused"),
    ({"RUANGAMAN_MASTER_KEY_FILE": "/nowhere/master.key"}, "vault.master-key-missing"),
    ({"RUANGAMAN_BASE_URL": "http://ruangaman.example"}, "RUANGAMAN_BASE_URL"),
    ({"RUANGAMAN_BASE_URL": "ruangaman.example"}, "RUANGAMAN_BASE_URL"),
    ({"RUANGAMAN_BASE_URL": "http://localhost:8000/rumah"}, "RUANGAMAN_BASE_URL"),
    ({"RUANGAMAN_BASE_URL": "https://ruangaman.example"}, "RUANGAMAN_BEHIND_PROXY"),
    ({"RUANGAMAN_MAIL_URL": "smtp://mail.example"}, "RUANGAMAN_MAIL_URL"),
    ({"RUANGAMAN_MAIL_URL": "mail.example"}, "RUANGAMAN_MAIL_URL"),
    ({"RUANGAMAN_MAIL_URL": "smtps://mail.example", "RUANGAMAN_MAIL_FROM": "Izin"}, "RUANGAMAN_MAIL_FROM"),
    ({"RUANGAMAN_WHATSAPP_TOKEN": "x"}, "RUANGAMAN_WHATSAPP_PHONE_ID"),
    ({"RUANGAMAN_ALLOWED_HOSTS": "*"}, "RUANGAMAN_ALLOWED_HOSTS"),
    ({"RUANGAMAN_ALLOWED_HOSTS": "ruangaman.example,.com"}, "RUANGAMAN_ALLOWED_HOSTS"),
    ({"RUANGAMAN_WEBHOOK_ALLOW": "127.0.0.1:9000"}, "RUANGAMAN_WEBHOOK_ALLOW"),
    ({"RUANGAMAN_WALLET_KEY_FILE": "/nowhere/kunci.pem"}, "RUANGAMAN_WALLET_CERTIFICATE_FILE"),
    ({"RUANGAMAN_WALLET_CERTIFICATE_FILE": "/nowhere/rantai.pem"}, "RUANGAMAN_WALLET_KEY_FILE"),
    (
        {
            "RUANGAMAN_WALLET_CERTIFICATE_FILE": "/nowhere/rantai.pem",
            "RUANGAMAN_WALLET_KEY_FILE": "/nowhere/kunci.pem",
        },
        "RUANGAMAN_WALLET_CERTIFICATE_FILE",
    ),
    ({"RUANGAMAN_AGE_WAYS": "token,face"}, "RUANGAMAN_FACE_ERROR_FILE"),
    ({"RUANGAMAN_WALLET_CLIENT_ID": "did"}, "RUANGAMAN_WALLET_CLIENT_ID"),
    ({"RUANGAMAN_STORY": "1", "RUANGAMAN_BASE_URL": "https://ruangaman.example"}, "RUANGAMAN_STORY"),
    ({"RUANGAMAN_STORY_WALLET": "http://identitas.localhost:8005/buka"}, "RUANGAMAN_STORY_WALLET"),
    (
        {"RUANGAMAN_STORY": "1", "RUANGAMAN_STORY_WALLET": "https://dompet.example/buka"},
        "RUANGAMAN_STORY_WALLET",
    ),
    ({"RUANGAMAN_DEBUG": "1"}, "RUANGAMAN_DEBUG"),
    ({"RUANGAMAN_BEHIND_PROXY": "ture"}, "RUANGAMAN_BEHIND_PROXY"),
    ({"RUANGAMAN_API_PER_SECOND": "1e99"}, "RUANGAMAN_API_PER_SECOND"),
    ({"RUANGAMAN_TIME_ZONE": "Asia/Jakata"}, "RUANGAMAN_TIME_ZONE"),
    ({"RUANGAMAN_MAIL_ULR": "smtp://localhost"}, "RUANGAMAN_MAIL_URL?"),
]


@pytest.mark.parametrize(("settings", "named"), UNSAFE, ids=[" ".join(one) for one, _ in UNSAFE])
def test_an_unsafe_or_misspelt_setting_is_named_and_nothing_starts(house, settings, named):
    house.settings = settings
    done = house.run("serve", "web", "--port", str(free_port()))
    assert done.returncode == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["secret.key", "master.key"])
def test_a_key_that_others_may_read_is_refused(house, name):
    (house.data / name).chmod(0o644)
    done = house.run("ledger", "verify")
    assert done.returncode == 1
    assert "chmod 600" in done.stderr


@pytest.mark.parametrize("mode", [0o750, 0o701])
def test_a_data_folder_that_others_may_enter_is_refused(house, mode):
    house.data.chmod(mode)
    for command in (("ledger", "verify"), ("init",), ("serve", "web", "--port", str(free_port()))):
        done = house.run(*command)
        assert done.returncode == 1, command
        assert "RUANGAMAN_DATA_DIR" in done.stderr
        assert "chmod 700" in done.stderr
    house.data.chmod(0o700)
    assert house.run("ledger", "verify").returncode == 0


def test_the_folders_above_the_data_are_made_for_their_owner_alone_too(tmp_path):
    house = House(tmp_path / "data" / "cerita")
    assert house.run("init").returncode == 0
    assert [stat.S_IMODE(one.stat().st_mode) for one in (house.data, house.data.parent)] == [0o700, 0o700]
    story = StoryHouse(tmp_path / "lain" / "lagi")
    story.write(story.plan, {})
    made = (story.folder, story.data_dir, story.data_dir.parent)
    assert [stat.S_IMODE(one.stat().st_mode) for one in made] == [0o700] * 3


@pytest.mark.parametrize("host", ["*", ".com", ".id", ".com.", ".", ".ID"])
def test_hosts_of_anybody_are_refused(host):
    assert start._everybody(host)


@pytest.mark.parametrize(
    "host", ["ruangaman.id", ".ruangaman.id", ".localhost", "localhost", "[::1]", "127.0.0.1"]
)
def test_hosts_of_ones_own_are_taken(host):
    assert not start._everybody(host)


def test_a_database_of_an_older_version_is_not_served(house):
    (house.data / "ruangaman.sqlite3").unlink()
    done = house.run("serve", "web", "--port", str(free_port()))
    assert done.returncode == 1
    assert "ruangaman migrate" in done.stderr
    assert house.run("migrate").returncode == 0
    assert house.run("ledger", "verify").returncode == 0


def test_an_account_of_the_staff_gets_a_link_that_is_kept_nowhere_and_logged_as_an_act(house):
    made = house.run("staff", "add", "petugas", "--admin", "--officer")
    assert made.returncode == 0, made.stderr
    token = re.search(r"http://localhost:8000/petugas/kata-sandi/\w+/(\S{20,})", made.stdout)[1]
    assert token.encode() not in b"".join(one.read_bytes() for one in house.data.glob("ruangaman.sqlite3*"))
    assert house.run("ledger", "verify").stdout.startswith(
        "2 entries"
    )  # init made a key for the OpenID Provider
    again = house.run("staff", "add", "petugas")
    assert again.returncode == 0
    assert token not in again.stdout
    wrong = house.run("staff", "add", "nama dengan spasi")
    assert wrong.returncode == 1
    assert "access.staff-name-refused" in wrong.stderr


def test_a_master_key_is_rotated_and_the_old_one_may_go(house):
    made_by_init = (house.data / "master.key").read_text().split()[0]
    house.settings = {"RUANGAMAN_MASTER_KEY": f"{a_key(1)},{made_by_init}"}
    sealed = "from ruangaman.rooms.vault import api; from ruangaman.adapters import clock\n"
    keep = (
        sealed
        + "f = api.open_family(now=clock.now()); r = api.seal(f, 'test.note', 'halo', now=clock.now())\n"
    )
    keep += f"open({str(house.data / 'ref')!r}, 'w').write(str(r))"
    assert house.python(keep).wait(30) == 0
    house.settings = {"RUANGAMAN_MASTER_KEY": f"{a_key(2)},{a_key(1)},{made_by_init}"}
    done = house.run("vault", "rewrap")
    assert done.returncode == 0, done.stderr
    assert "wrapped 2 keys" in done.stdout  # the note's, and the one of the OpenID Provider
    house.settings = {"RUANGAMAN_MASTER_KEY": a_key(2)}
    look = sealed + "from uuid import UUID\n"
    look += f"r = UUID(open({str(house.data / 'ref')!r}).read()); assert api.reveal(r, purpose='a test') == 'halo'"
    assert house.python(look).wait(30) == 0
    house.settings = {"RUANGAMAN_MASTER_KEY": a_key(1)}
    assert house.python(look).wait(30) != 0


def test_the_key_file_is_rotated_by_a_command(house):
    before = (house.data / "master.key").read_text().split()
    assert house.run("vault", "new-master-key").returncode == 0
    after = (house.data / "master.key").read_text().split()
    assert after[1:] == before
    assert len(after) == 2
    assert stat.S_IMODE((house.data / "master.key").stat().st_mode) == 0o600


def test_two_processes_that_write_side_by_side_leave_no_gap_and_no_fork(house):
    write = """
from datetime import UTC, datetime
from django.db import transaction
from ruangaman.rooms.ledger import api
for n in range(40):
    with transaction.atomic():
        api.append("test.act", {"n": n}, at=datetime.now(UTC))
"""
    writers = [house.python(write) for _ in range(3)]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert house.run("ledger", "verify").stdout.startswith("121 entries follow each other")  # one is of init


def test_a_changed_entry_is_found_by_the_command_even_when_the_triggers_were_taken_away(house):
    harm = """
from datetime import UTC, datetime
from django.db import connection, transaction
from ruangaman.rooms.ledger import api, triggers
with transaction.atomic():
    for n in range(3):
        api.append("test.act", {"n": n}, at=datetime.now(UTC))
with connection.cursor() as cursor:
    try:
        cursor.execute("UPDATE ledger_entry SET kind = 'other' WHERE \\"index\\" = 1")
        raise SystemExit(7)
    except Exception as refused:
        assert triggers.REFUSAL in str(refused), refused
with connection.schema_editor() as editor:
    triggers.drop(None, editor)
with connection.cursor() as cursor:
    cursor.execute("UPDATE ledger_entry SET entry = entry || ' ' WHERE \\"index\\" = 1")
"""
    assert house.python(harm).wait(60) == 0
    done = house.run("ledger", "verify")
    assert done.returncode == 1
    assert "index=1" in done.stderr


def test_no_planted_word_stands_in_any_file_of_the_house_after_it_was_sealed_changed_or_forgotten(house):
    word = "Kembangkertas"
    plant = f"""
from datetime import UTC, datetime
from django.db import transaction
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault
now = datetime.now(UTC)
family, other = vault.open_family(now=now), vault.open_family(now=now)
with transaction.atomic():
    one = vault.seal(family, "test.child", {{"name": "{word}"}}, now=now, searchable="{word}")
    two = vault.seal(family, "test.child", "{word} 2", now=now)
assert vault.find("test.child", "{word}") == [one]
vault.reseal(one, "{word} 3", now=now, searchable="{word} 3")
vault.move([one], other, now=now)
assert vault.reveal(one, purpose="a test") == "{word} 3"
vault.forget(two, now=now)
vault.forget_family(family, now=now)
import os; os._exit(0)  # as when the power goes: the write-ahead log stays as it is
"""
    assert house.python(plant).wait(60) == 0
    kept = [path for path in house.data.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") and path.stat().st_size for path in kept)
    assert [path.name for path in kept if word.encode() in path.read_bytes()] == []
