"""Before a time ends, and when it has ended, a mail reaches who can still do something; it tells of nobody."""

from email.message import EmailMessage

import pytest
import yaml
from django.contrib.auth.models import User
from django_tasks_db.models import DBTaskResult

from ruangaman.adapters import mail as mails
from ruangaman.core.reports.rules import ReportRulesMalformed
from ruangaman.rooms.places import post as outbox
from ruangaman.rooms.places.models import Letter, ReportClock
from ruangaman.rooms.places.reports import clocks, desk, letters, sending, tables

from .conftest import NOON
from .reporting import EAST, STORY, WEST, acting, answered, build, published, told


class Post:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def __call__(self, where: mails.MailServer, mail: EmailMessage) -> None:
        self.sent.append(mail)

    @property
    def readers(self) -> list[str]:
        return sorted(one["To"] for one in self.sent)


@pytest.fixture
def city(melati, settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    settings.MAIL_URL = "smtp://localhost"
    settings.BASE_URL = "https://kota.example"
    build(tmp_path / melati.slug)
    return melati


@pytest.fixture
def post(monkeypatch):
    found = Post()
    monkeypatch.setattr(mails, "send", found)
    return found


def reachable(user: User, address: str) -> User:
    user.email = address
    user.save(update_fields=["email"])
    return user


@pytest.fixture
def staff(person, city):
    """Those who may read and answer in the west, and those who may not."""
    found = {
        "pppa": person("pppa"), "west": person("kelurahan"), "east": person("kelurahan", area=EAST),
        "bappeda": person("bappeda"), "company": person("company"), "silent": person("pppa"),
    }  # fmt: skip
    for name, user in found.items():
        if name != "silent":
            reachable(user, f"{name}@kota.example")
    return found


@pytest.fixture
def settled(post, hour, django_capture_on_commit_callbacks):
    """Lets the clocks strike and the runner do its jobs: `settled(now)`."""

    def run(now) -> Post:
        hour.at = now
        post.sent.clear()
        clocks.settle_due(now)
        with django_capture_on_commit_callbacks(execute=True):
            outbox.settle_due(now)
        for job in DBTaskResult.objects.filter(status="READY"):
            job.task.call(*job.args_kwargs["args"])
            job.delete()
        return post

    return run


def test_who_reads_reports_there_is_reminded_once_and_told_once_that_it_is_late(city, staff, settled, hour):
    row = told(city)
    clock = ReportClock.objects.get()
    assert settled(clock.remind_at - (clock.due_at - clock.remind_at) / 100).sent == []
    assert settled(clock.remind_at).readers == ["pppa@kota.example", "west@kota.example"]
    assert settled(clock.remind_at).sent == []
    late = settled(clock.due_at)
    assert late.readers == ["pppa@kota.example", "west@kota.example"]
    assert "waktunya habis" in late.sent[0]["Subject"]
    body = late.sent[0].get_content()
    assert settled(clock.due_at).sent == []
    first, _, second = body.partition("\n--\n")
    assert f"Laporan {sending.shown_number(row)} di Karanganyar menunggu diperiksa." in first
    assert f"https://kota.example/kota/kota-melati/kerja/laporan/{row.pk}\n" in first
    assert f"Report {sending.shown_number(row)} in Karanganyar waits to be read." in second
    for secret in (*STORY.split(), *sending.secret_words(row).values(), "Melati."):
        if len(secret) > 6:
            assert secret not in body


def test_who_answers_and_the_office_are_told(city, staff, settled, hour):
    with_mail = yaml.safe_load(tables.text_of(city, "bodies"))
    next(one for one in with_mail["bodies"] if one["id"] == "pu")["mail"] = "pu@kota.example"
    tables.load(city, "bodies", yaml.safe_dump(with_mail).encode(), by=staff["pppa"], now=NOON)
    row = published(city, acting(staff["pppa"], city, "moderate"), told(city))
    assert settled(NOON).readers == ["pu@kota.example"]  # it was sent to them
    clock = row.clocks.get(what="answer")
    post = settled(clock.remind_at)
    assert post.readers == [
        "bappeda@kota.example",
        "pppa@kota.example",
        "pu@kota.example",
        "west@kota.example",
    ]
    office = next(one for one in post.sent if one["To"] == "pu@kota.example").get_content()
    assert f"https://kota.example/kota/kota-melati/laporan/{row.serial}\n" in office
    assert "Laporan 1 di Karanganyar menunggu jawaban." in office


def test_what_was_done_meanwhile_asks_nobody(city, staff, post, hour):
    row = published(city, acting(staff["pppa"], city, "moderate"), told(city))
    clock = row.clocks.get(what="answer")

    def tell(who: str) -> str:
        outbox.put(city, "report", clock.pk, letters.REMIND, [staff[who].pk], now=NOON)
        return outbox.attempt(Letter.objects.get(state="queued").pk, 0, now=NOON)

    assert tell("bappeda") == "sent"
    assert tell("east") == "dropped"
    answered(city, acting(staff["bappeda"], city, "answer"), row)
    assert tell("bappeda") == "dropped"
    assert len(post.sent) == 1


def test_an_office_is_told_what_was_sent_to_it_and_no_other(city, staff, person, settled, hour):
    works, transport = person("body"), person("body", body="dishub")
    for user, name in ((works, "pu"), (transport, "dishub")):
        reachable(user, f"{name}@kota.example")
    row = published(city, acting(staff["pppa"], city, "moderate"), told(city))
    post = settled(NOON)
    assert post.readers == ["pu@kota.example"]
    assert "dikirim ke Dinas Pekerjaan Umum" in post.sent[0]["Subject"]
    assert f"/kota/kota-melati/kerja/instansi/{row.pk}\n" in post.sent[0].get_content()
    assert "pu@kota.example" in settled(row.clocks.get(what="answer").remind_at).readers
    desk.send(city, acting(staff["pppa"], city, "moderate"), row.pk, "dishub", now=NOON)
    assert settled(NOON).readers == ["dishub@kota.example"]
    late = settled(row.clocks.get(what="answer").due_at).readers
    assert "dishub@kota.example" in late
    assert "pu@kota.example" not in late


def test_after_a_long_stop_the_mail_that_it_is_late_says_it_all(city, staff, settled, hour):
    told(city, where=f"a:{WEST}")
    clock = ReportClock.objects.get()
    assert len(settled(clock.due_at).sent) == 2
    clock.refresh_from_db()
    assert clock.reminded_at == clock.remind_at


def test_without_a_mail_server_the_desk_alone_tells(city, staff, settled, settings, hour):
    settings.MAIL_URL = ""
    told(city)
    clock = ReportClock.objects.get()
    assert settled(clock.remind_at).sent == []
    clock.refresh_from_db()
    assert clock.reminded_at == clock.remind_at


@pytest.mark.parametrize("wrong", ["pu", "a@b", "a@b.c\nBcc: x@y.z", "a b@c.d", 5, ["a@b.c"]])
def test_an_address_of_an_office_is_one_address(city, staff, wrong):
    with_mail = yaml.safe_load(tables.text_of(city, "bodies"))
    with_mail["bodies"][0]["mail"] = wrong
    with pytest.raises(ReportRulesMalformed):
        tables.load(city, "bodies", yaml.safe_dump(with_mail).encode(), by=staff["pppa"], now=NOON)


def test_an_office_that_has_it_no_more_gets_no_mail_that_waited(city, staff, settled, hour):
    with_mail = yaml.safe_load(tables.text_of(city, "bodies"))
    next(one for one in with_mail["bodies"] if one["id"] == "pu")["mail"] = "pu@kota.example"
    tables.load(city, "bodies", yaml.safe_dump(with_mail).encode(), by=staff["pppa"], now=NOON)
    moderator = acting(staff["pppa"], city, "moderate")
    row = published(city, moderator, told(city))
    desk.send(city, moderator, row.pk, "dishub", now=NOON)
    assert settled(NOON).sent == []
    assert Letter.objects.get().state == "dropped"
