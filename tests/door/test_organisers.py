"""Who may start campaigns is given and ended by a command; what it cannot do it says with a code."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User

from ruangaman.rooms.learning import api
from ruangaman.rooms.learning.models import Organiser
from ruangaman.site import start
from ruangaman.site.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(monkeypatch):
    monkeypatch.setattr(start, "check", lambda: None)
    monkeypatch.setattr(start, "demand_migrated", lambda: None)


def test_an_account_organises_from_one_command_to_the_other(client, capsys):
    account = User.objects.create_user("dinas", is_staff=True)
    client.force_login(account)
    assert client.get("/pelajaran/kampanye/baru").status_code == 403
    assert (
        main(["learn", "organiser", "give", "dinas", "--name", "Dinas Pendidikan", "--region", "33.74"]) == 0
    )
    assert "dinas may start campaigns for 33.74" in capsys.readouterr().out
    assert client.get("/pelajaran/kampanye/baru").status_code == 200
    assert main(["learn", "organiser", "end", "dinas", "--region", "33.74"]) == 0
    assert client.get("/pelajaran/kampanye/baru").status_code == 403
    assert Organiser.objects.get().ended_at is not None


@pytest.mark.parametrize(
    "asked",
    [
        ["give", "siapa", "--name", "Dinas"],
        ["give", "dinas", "--name", "Dinas", "--region", "3374"],
        ["end", "dinas"],
    ],
)
def test_what_cannot_be_given_or_ended_is_refused_with_its_code(asked, capsys):
    User.objects.create_user("dinas", is_staff=True)
    assert main(["learn", "organiser", *asked]) == 1
    told = capsys.readouterr().err
    assert "learning.organiser-refused" in told
    assert "The right to organise" in told
    assert not Organiser.objects.exists()


def test_the_storys_campaign_says_everywhere_that_nobody_was_measured(client):
    User.objects.create_user("dinas", is_staff=True)
    now = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
    slug = api.make_up_campaign("dinas", region="99", seed=3, now=now)
    assert api.make_up_campaign("dinas", region="99", seed=3, now=now) == slug
    client.force_login(User.objects.get())
    for path in ("", f"{slug}/", f"{slug}/hasil", "../hasil/"):
        page = client.get(f"/pelajaran/kampanye/{path}".replace("kampanye/../", "")).content.decode()
        assert "Contoh: peserta ini diundi komputer, bukan diukur." in page, path
