"""The story fills once, moves its clock forward, and does not exist in a real house."""

import ast
import json
import re
import stat
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from ruangaman.adapters import clock, packs
from ruangaman.rooms.access import api as access
from ruangaman.rooms.ages import api as ages
from ruangaman.site.story import cast
from ruangaman.site.story.errors import NotEmpty, NotTheStory
from ruangaman.site.story.fill import fill
from ruangaman.site.story.house import House
from ruangaman.site.story.run import ROOT, Ports, empty, settings_of, taken
from ruangaman.site.story.services import SERVICES

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
PORTS = {"platform_port": 18001, "registry_port": 18002, "school_port": 18003, "wallet_port": 18005}
PAGES = ("/cerita", "/cerita/surat", "/cerita/jam")


@pytest.fixture
def house(settings, tmp_path):
    settings.STORY = True
    settings.DATA_DIR = tmp_path
    settings.CITIES_DIR = tmp_path / "cities"
    settings.WEBHOOK_ALLOW = ["127.0.0.1:18001", "127.0.0.1:18011"]
    clock.allow(tmp_path)
    yield House(tmp_path)
    clock.forbid()


def test_a_real_house_has_no_story_pages_and_no_movable_clock(settings, client: Client):
    settings.STORY = False
    for page in PAGES:
        reply = client.get(page)
        assert reply.status_code == 404
        assert "story.not-here" in reply.content.decode() or "cerita tidak ada" in reply.content.decode()
    before = clock.now()
    assert client.post("/cerita/jam", {"ke": "hari"}).status_code == 404
    assert client.post("/cerita/ulang").status_code == 404
    assert clock.now() - before < timedelta(minutes=1)
    with pytest.raises(clock.ClockRefused):
        clock.move(timedelta(days=1))


def test_a_real_house_is_never_filled(settings, tmp_path):
    settings.STORY = False
    with pytest.raises(NotTheStory):
        fill(House(tmp_path), now=NOW, **PORTS)
    assert access.public_services() == []


def test_a_house_that_holds_something_else_is_left_as_it_is(house):
    access.create_service(
        slug="lain",
        operator="PT Lain",
        name="Lain",
        type="other",
        purpose={"id": "Lain", "en": "Other"},
        now=NOW,
    )
    with pytest.raises(NotEmpty):
        fill(house, now=NOW, **PORTS)
    assert [one.slug for one in access.public_services()] == ["lain"]


def test_filling_twice_makes_nothing_twice(house):
    assert fill(house, now=NOW, **PORTS) is True
    kept = (house.platform, house.registry, house.school, house.wallet)
    files = [one.read_bytes() for one in kept]
    keys = len(access.all_keys())
    assert fill(house, now=NOW + timedelta(days=400), **PORTS) is False
    assert [one.read_bytes() for one in kept] == files
    assert len(access.all_keys()) == keys == 3
    assert sorted(one.slug for one in access.public_services()) == ["dongeng-kita", "obrol", "ramai"]


def test_the_officer_of_the_story_signs_in_as_its_start_page_says_and_keeps_the_password(
    house, client: Client
):
    fill(house, now=NOW, **PORTS)
    for language, word in (("id", "Kata sandi"), ("en", "Password")):
        assert word in client.get(f"/cerita?bahasa={language}").content.decode()
    card = (
        client.get("/cerita?bahasa=id")
        .content.decode()
        .partition('id="petugas"')[2]
        .partition("</div></section>")[0]
    )
    name, password = re.findall(r"<code>([^<]+)</code>", card)
    signed = client.post("/petugas/masuk", {"username": name, "password": password})
    assert signed["Location"] == "/petugas/"
    assert client.get("/petugas/").status_code == 200
    assert client.get("/admin/access/apikey/").status_code == 403
    fill(house, now=NOW, **(PORTS | {"platform_port": 18011}))
    assert Client().post("/petugas/masuk", {"username": name, "password": password}).status_code == 302
    assert stat.S_IMODE(house.plan.stat().st_mode) == 0o600


def test_another_port_renews_the_webhooks_and_keeps_keys_and_birth_dates(house):
    fill(house, now=NOW, **PORTS)
    before = json.loads(house.platform.read_text())
    fill(house, now=NOW + timedelta(days=400), **(PORTS | {"platform_port": 18011}))
    after = json.loads(house.platform.read_text())
    assert after["cast"] == before["cast"]
    for slug, known in after["services"].items():
        assert known["key"] == before["services"][slug]["key"]
        assert ":18011/" in known["webhook"]
        assert known["webhook_secret"] != before["services"][slug]["webhook_secret"]
        assert known["return_to"] == f"http://ramai.localhost:18011/{slug}/"
        assert access.service(slug).return_addresses == (known["return_to"],)


def test_the_platform_signs_people_in_by_one_client_whose_address_follows_its_port(house):
    fill(house, now=NOW, **PORTS)
    first = json.loads(house.platform.read_text())["services"]["ramai"]["openid"]
    assert first["back"] == "http://ramai.localhost:18001/ramai/masuk/kembali"
    fill(house, now=NOW, **(PORTS | {"wallet_port": 18015}))
    assert json.loads(house.platform.read_text())["services"]["ramai"]["openid"] == first
    fill(house, now=NOW, **(PORTS | {"platform_port": 18011}))
    second = json.loads(house.platform.read_text())["services"]["ramai"]["openid"]
    known = {one.client: (one.ended, one.age, one.redirects) for one in access.all_openid_clients()}
    assert known == {
        first["client"]: (True, 16, (first["back"],)),
        second["client"]: (False, 16, ("http://ramai.localhost:18011/ramai/masuk/kembali",)),
    }


def test_the_house_trusts_the_made_up_office_of_the_wallet_and_goes_on_doing_so(house):
    fill(house, now=NOW, **PORTS)
    issuer = json.loads(house.wallet.read_text())["issuer"]
    assert [(one.slug, one.assurance, one.anchors) for one in ages.wallet_lists()] == [
        ("dinas-contoh", "enhanced", 1)
    ]
    fill(house, now=NOW + timedelta(days=400), **(PORTS | {"wallet_port": 18015}))
    assert json.loads(house.wallet.read_text())["issuer"] == issuer
    assert len(ages.wallet_lists()) == 1


def test_keys_and_secrets_can_be_read_by_their_owner_alone(house):
    fill(house, now=NOW, **PORTS)
    for file in (house.platform, house.registry, house.school, house.wallet):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(house.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "day", [date(2026, 11, 24), date(2027, 8, 31), date(2028, 2, 28), date(2027, 11, 11)]
)
def test_the_cast_has_its_ages_on_whatever_day_the_story_begins(day):
    for child in cast.CHILDREN:
        birth = cast.born(child, day)
        years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        assert years == child.years
        assert day < cast.turns(birth, child.years + 1) <= day + timedelta(days=366)
        assert (birth.month, birth.day) != (2, 29)


def test_the_clock_page_moves_forward_to_the_second_after_what_falls_due(house, client: Client):
    fill(house, now=clock.now(), **PORTS)
    before = clock.now()
    client.post("/cerita/jam", {"ke": "hari"})
    assert timedelta(hours=24) <= clock.now() - before < timedelta(hours=24, minutes=1)
    born = json.loads(house.plan.read_text())["born"]
    client.post("/cerita/jam", {"ke": "sari-13"})
    assert clock.now().astimezone().date() >= cast.turns(date.fromisoformat(born["sari"]), 13)
    later = clock.now()
    client.post("/cerita/jam", {"ke": "sari-13"})  # it is over: nothing moves, least of all back
    assert clock.now() - later < timedelta(minutes=1)


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_page_speaks_both_languages(house, client: Client, language):
    fill(house, now=NOW, **PORTS)
    words = {"id": ("Cerita Sari", "Kotak surat", "Jam cerita"), "en": ("story of Sari", "mailbox", "clock")}
    for page, word in zip(PAGES, words[language], strict=True):
        assert word in client.get(f"{page}?bahasa={language}").content.decode()


def test_starting_anew_is_asked_for_only_where_somebody_runs_the_story(house, client: Client):
    fill(house, now=NOW, **PORTS)
    assert client.post("/cerita/ulang").status_code == 302
    assert not house.again.exists()
    house.runner.write_text("1")
    assert client.post("/cerita/ulang").status_code == 200
    assert house.again.exists()


def test_only_a_folder_that_holds_a_story_is_emptied(tmp_path):
    house = House(tmp_path)
    (tmp_path / "ruangaman.sqlite3").write_text("a real one")
    empty(house)
    assert (tmp_path / "ruangaman.sqlite3").exists()
    house.write(house.plan, {"born": {}})
    empty(house)
    assert list(tmp_path.iterdir()) == []


def test_settings_of_a_real_installation_never_reach_the_story(monkeypatch, tmp_path):
    monkeypatch.setenv("RUANGAMAN_DATABASE_URL", "postgres://real")
    monkeypatch.setenv("RUANGAMAN_MAIL_URL", "smtp://real")
    told = settings_of(Ports(1, 2, 3, 4, 5, 6), tmp_path)
    assert "RUANGAMAN_DATABASE_URL" not in told
    assert "RUANGAMAN_MAIL_URL" not in told
    assert told["RUANGAMAN_STORY"] == "1"


def test_a_port_in_use_is_named(tmp_path):
    import socket

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert taken(Ports(0, 0, port, 0, 0, 0)) == [("platform", port)]


def test_the_example_programs_know_ruang_aman_only_by_its_client():
    imported = set()
    for file in (ROOT / "examples").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported |= {one.name for one in node.names}
    assert {name for name in imported if name.startswith("ruangaman")} == {
        "ruangaman.client",
        "ruangaman.client.tokens",
    }
    assert not {name for name in imported if name.startswith("django")}


def test_the_start_page_leads_to_the_story_and_in_a_real_house_says_nothing_of_it(
    house, settings, client: Client
):
    fill(house, now=NOW, **PORTS)
    assert 'href="/cerita"' in client.get("/").content.decode()
    settings.STORY = False
    assert "/cerita" not in client.get("/").content.decode()


LITTLE = {"dan", "dari", "orang", "yang", "tak", "dikenal", "and", "from", "people", "unknown", "report"}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text.lower())) - LITTLE


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("described", SERVICES, ids=lambda one: one["slug"])
def test_what_a_service_says_that_it_opens_is_what_the_law_leaves_open(described, language):
    """A guardian reads both lists, then the switches: they may not contradict each other."""
    opens, closed = (
        _words(" ".join(one[language] for one in described[name])) for name in ("opens", "stays_closed")
    )
    for feature in described["features"]:
        asked = {"question": "feature", "feature": feature["name"], "age": {"at_least": 13, "at_most": 17}}
        start = packs.load("ID").ask(asked, now=NOW).outcome
        title = _words(feature["title"][language])
        if start == "off":
            assert not title & opens, (feature["name"], "opens")
            assert title & closed, (feature["name"], "stays_closed")
        else:
            assert not title & closed, feature["name"]
