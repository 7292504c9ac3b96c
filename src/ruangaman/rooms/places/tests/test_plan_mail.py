"""The reminder of a pledge by a real SMTP server on loopback: in both languages, and only while the pledge stands."""

import email
import email.policy
from datetime import timedelta

import pytest
from tests import mail_box

from ruangaman.rooms.places import config, plan_letters, plans, pledges, post, roles
from ruangaman.rooms.places.models import Letter, Pledge

from .conftest import NOON
from .plan_files import document, put

pytestmark = pytest.mark.slow


@pytest.fixture
def box(settings):
    with mail_box.opened(settings, "Ruang Aman <rencana@example.org>") as found:
        yield found


@pytest.fixture
def pledge(melati, person, settings, tmp_path) -> Pledge:
    settings.CITIES_DIR = str(tmp_path)
    put(config.folder(melati.slug), document())
    office, user = person("bappeda"), person("company")
    user.email = "pt@example.org"
    user.save()
    made = plans.save(melati, plans.read(melati, "abcdef123456"), "Rencana 2027", by=office, now=NOON)
    plans.publish(made, now=NOON)
    who = roles.acting(user, melati, "pledge")
    action = made.actions.select_related("plan__city").get(key="crossing")
    return pledges.make(action, promised_on=NOON.date() + timedelta(days=10), who=who, now=NOON)


def remind(pledge: Pledge) -> str:
    assert plan_letters.write(pledge) == 1
    return post.attempt(Letter.objects.get().pk, 0, now=NOON)


def test_the_reminder_speaks_both_languages_indonesian_first(pledge, box):
    assert remind(pledge) == "sent"
    (raw,) = box.mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert (mail["To"], mail["Subject"]) == ("pt@example.org", "Janji / Pledge, Kota Melati: 05-12-2026")
    assert mail.get_content_type() == "text/plain"
    said = mail.get_content()
    indonesian = said.index(
        "PT Melati berjanji: crossing di Jalan Raya, Kota Melati, paling lambat 05-12-2026."
    )
    english = said.index("PT Melati pledged: crossing on Jalan Raya, Kota Melati, by 05-12-2026.")
    assert indonesian < said.index("cabut janjinya.") < english < said.index("withdraw the pledge.")


@pytest.mark.parametrize("change", ["withdrawn_at", "kept_at"])
def test_of_a_pledge_that_is_over_nobody_is_reminded(pledge, box, change):
    Pledge.objects.update(**{change: NOON})
    assert remind(pledge) == "dropped"
    assert box.mails == []
