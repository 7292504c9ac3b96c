"""A guardian says the age: only one who is proven, only where the law calls it enough, and it says nothing else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.conftest import BIMA, guardian_of
from ruangaman.rooms.access.tests.test_age_checks import path_of
from ruangaman.rooms.ages import config
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.families import api as families
from ruangaman.rooms.families import children, outbox, session
from ruangaman.rooms.families.models import Child, Guardian, Outgoing, Relation
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.vault import api as vault

pytestmark = pytest.mark.slow

MAIL = "ibu@contoh.example"


def unsure_of_13(platform):
    """An account at a service of low risk whose child says no more than "15 at most"; and its check's page."""
    house = platform("obrol")
    told = house.sign_up(
        "obrol", age={"at_most": 15}, evidence="self_declared", child={"nickname": "Bima"}
    ).json
    assert told["next"]["age_over"] == 13
    return house, told, path_of(told["next"]["url"])


def child_of(told) -> Child:
    return Child.objects.get(pk=AccessSession.objects.get(id=told["id"]).child)


def proven(told, hour, **relation) -> Guardian:
    """A guardian of this very child, with an address of her own."""
    child = child_of(told)
    guardian = Guardian.objects.get(pk=guardian_of(child.pk, now=hour() - timedelta(days=1)))
    ref = vault.seal(vault.FamilyRef(guardian.family), "families.email", MAIL, now=hour(), searchable=MAIL)
    Guardian.objects.filter(pk=guardian.pk).update(email=ref, email_verified_at=hour())
    if relation:
        Relation.objects.filter(guardian=guardian).update(**relation)
    guardian.refresh_from_db()
    return guardian


def signed_in(guardian: Guardian, hour) -> Client:
    browser = Client()
    kept = browser.session
    kept[session.WHO] = {"id": str(guardian.pk), "how": "test", "seen": hour().timestamp()}
    kept.save()
    return browser


def ways(page: str) -> list[str]:
    return re.findall(r'name="cara" value="([^"]+)"', page)


def offered(url: str) -> bool:
    return "guardian" in ways(Client().get(url).content.decode())


def question() -> str:
    return f"/keluarga/umur/{Attempt.objects.filter(method='guardian', ended_at=None).get().pk}"


@pytest.mark.parametrize(("said", "over"), [("ya", True), ("belum", False)])
def test_a_proven_guardians_word_decides_and_is_worth_what_it_is_worth(platform, hour, said, over):
    house, told, url = unsure_of_13(platform)
    mother = proven(told, hour)
    child, home = Client(), signed_in(mother, hour)
    page = child.get(f"{url}?cara=guardian").content.decode()
    rows = dict(re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', page))
    assert set(rows) == {"Obrol", "Orang tua atau walimu", "Ruang Aman"}
    waits = child.post(f"{url}/orang-tua", follow=True).content.decode()
    assert "Orang tuamu sudah ditanya" in waits
    card = home.get("/keluarga/").content.decode()
    assert "Apakah Bima sudah 13 tahun?" in card
    done = home.post(question(), {"umur": said}, follow=True).content.decode()
    assert "Jawaban tentang umur terkirim" in done
    assert "Apakah Bima sudah" not in done
    row = AgeCheck.objects.get(decided_at__isnull=False)
    assert (row.method, row.evidence, row.assurance) == ("guardian", "guardian_attested", "enhanced")
    known = families.child_age(families.ChildRef(child_of(told).pk))
    assert known["evidence"] == "guardian_attested"
    assert known["age"] == ({"at_least": 13, "at_most": 15} if over else {"at_most": 12})
    now = house.get(f"/v1/sessions/{told['id']}").json
    assert now["state"] == ("waiting" if over else "closed")
    assert "Terbukti" in child.get(url).content.decode() or not over


def test_without_a_proven_guardian_the_way_is_not_offered(platform, hour):
    _, told, url = unsure_of_13(platform)
    assert not offered(url)
    assert Client().post(f"{url}/orang-tua").status_code == 409
    assert Attempt.objects.count() == 0
    proven(told, hour)
    assert offered(url)


@pytest.mark.parametrize(
    "relation",
    [
        {"level": 2},
        {"authority": "view"},
        {"authority": "none"},
        {"valid_to": "past"},
        {"valid_from": "future"},
    ],
)
def test_a_weak_or_ended_relation_is_none(platform, hour, relation):
    _, told, url = unsure_of_13(platform)
    if relation.get("valid_to"):
        relation = {"valid_from": hour() - timedelta(days=2), "valid_to": hour() - timedelta(days=1)}
    if relation.get("valid_from") == "future":
        relation = {"valid_from": hour() + timedelta(days=1)}
    proven(told, hour, **relation)
    assert not offered(url)
    assert Client().post(f"{url}/orang-tua").status_code == 409


def test_a_relation_that_ended_after_the_question_answers_nothing(platform, hour):
    _, told, url = unsure_of_13(platform)
    mother = proven(told, hour)
    Client().post(f"{url}/orang-tua")
    asked = question()
    Relation.objects.filter(guardian=mother).update(authority="view")
    assert signed_in(mother, hour).post(asked, {"umur": "ya"}).status_code == 404
    assert AgeCheck.objects.get().decided_at is None


def test_where_the_law_wants_more_a_guardians_word_is_no_way(platform, hour):
    house = platform("ramai")
    told = house.sign_up("ramai", age={"at_least": 17, "at_most": 17}, evidence="self_declared").json
    proven(told, hour)
    url = path_of(told["next"]["url"])
    assert not offered(url)
    assert Client().post(f"{url}/orang-tua").status_code == 409


def test_it_is_not_offered_where_switched_off(platform, hour, settings):
    _, told, url = unsure_of_13(platform)
    proven(told, hour)
    settings.AGE_WAYS = tuple(name for name in config.ways() if name != "guardian")
    assert not offered(url)
    assert Client().post(f"{url}/orang-tua").status_code == 409


def test_a_guardian_of_another_child_and_a_stranger_answer_nothing(platform, hour):
    house, told, url = unsure_of_13(platform)
    proven(told, hour)
    other = house.sign_up("obrol", subject="p-2", age=BIMA).json
    neighbour = proven(other, hour)
    Client().post(f"{url}/orang-tua")
    asked = question()
    home = signed_in(neighbour, hour)
    assert "Apakah" not in home.get("/keluarga/").content.decode()
    assert home.post(asked, {"umur": "ya"}).status_code == 404
    assert Client().post(asked, {"umur": "ya"})["Location"].startswith("/masuk")
    assert AgeCheck.objects.get().decided_at is None


def test_not_sure_decides_nothing_and_is_told_kindly(platform, hour):
    house, told, url = unsure_of_13(platform)
    home = signed_in(proven(told, hour), hour)
    Client().post(f"{url}/orang-tua")
    home.post(question(), {"umur": "tidak-yakin"})
    assert AgeCheck.objects.get().decided_at is None
    page = Client().get(url).content.decode()
    assert "Orang tuamu belum yakin" in page
    assert "guardian" in ways(page)
    assert house.get(f"/v1/sessions/{told['id']}").json["next"]["kind"] == "age_check"


def test_two_guardians_at_once_the_first_word_stands(platform, hour):
    _, told, url = unsure_of_13(platform)
    mother, father = proven(told, hour), proven(told, hour)
    Client().post(f"{url}/orang-tua")
    asked = question()
    signed_in(mother, hour).post(asked, {"umur": "belum"})
    late = signed_in(father, hour).post(asked, {"umur": "ya"})
    assert late.status_code == 404
    row = AgeCheck.objects.get(decided_at__isnull=False)
    known = families.child_age(families.ChildRef(child_of(told).pk))
    assert (row.method, known["age"]) == ("guardian", {"at_most": 12})


def test_no_answer_is_no_answer_and_time_ends_the_question(platform, hour):
    _, told, url = unsure_of_13(platform)
    home = signed_in(proven(told, hour), hour)
    Client().post(f"{url}/orang-tua")
    asked = question()
    assert home.post(asked, {}).status_code == 303
    assert home.post(asked, {"umur": "mungkin"}).status_code == 303
    assert AgeCheck.objects.get().decided_at is None
    hour.pass_(days=3)
    home = signed_in(Guardian.objects.get(), hour)
    assert home.post(asked, {"umur": "ya"}).status_code == 404
    assert "Orang tuamu sudah ditanya" not in Client().get(url).content.decode()


def test_another_way_meanwhile_is_not_held_up(platform, hour):
    _, told, url = unsure_of_13(platform)
    home = signed_in(proven(told, hour), hour)
    Client().post(f"{url}/orang-tua")
    asked = question()
    assert Client().post(f"{url}/nyatakan", {"umur": "belum"}).status_code == 302
    assert "Apakah Bima" not in home.get("/keluarga/").content.decode()
    assert home.post(asked, {"umur": "ya"}).status_code == 404


def test_the_guardians_are_asked_three_times_a_day_at_most(platform, hour):
    _, told, url = unsure_of_13(platform)
    home = signed_in(proven(told, hour), hour)
    for _ in range(3):
        assert Client().post(f"{url}/orang-tua").status_code == 302
        assert Client().post(f"{url}/orang-tua").status_code == 302  # the same question, no second one
        home.post(question(), {"umur": "tidak-yakin"})
    assert Attempt.objects.filter(method="guardian").count() == 3
    assert Outgoing.objects.filter(template="age").count() == 3
    refused = Client().post(f"{url}/orang-tua")
    assert refused.status_code == 429
    assert "Tunggu besok" in refused.content.decode()
    hour.pass_(days=1, minutes=1)
    assert Client().post(f"{url}/orang-tua").status_code == 302


def test_the_letter_names_neither_child_nor_age_nor_app(platform, hour, settings):
    settings.BASE_URL = "http://localhost:8000"
    _, told, url = unsure_of_13(platform)
    proven(told, hour)
    Client().post(f"{url}/orang-tua")
    letter = Outgoing.objects.get(template="age")
    for language in ("id", "en"):
        letter.language = language
        text = " ".join(outbox.render(letter))
        assert "umur anak" in text or "child's age" in text
        for word in ("Bima", "13", "Obrol", "obrol", told["id"]):
            assert word not in text


def test_relation_and_age_stand_apart(platform, hour):
    """Nothing of the room of ages names a guardian, and nothing of families holds the answer."""
    _, told, url = unsure_of_13(platform)
    mother = proven(told, hour)
    Client().post(f"{url}/orang-tua")
    before = Entry.objects.count()
    signed_in(mother, hour).post(question(), {"umur": "ya"})
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith("ages_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            held = repr(cursor.fetchall())
            for word in (mother.pk.hex, str(mother.pk), str(mother.family), mother.family.hex, MAIL):
                assert word not in held, table
    said = [(one.kind, bytes(one.entry)) for one in Entry.objects.order_by("index")[before:]]
    assert str(mother.pk) not in repr(said)


def test_a_grown_up_and_a_verified_age_have_no_guardian_to_ask(platform, hour):
    house, told, url = unsure_of_13(platform)
    proven(told, hour)
    child = families.ChildRef(child_of(told).pk)
    assert families.may_vouch(child, 13, now=hour())
    assert not families.may_vouch(child, 18, now=hour())
    children.set_age(child, {"at_least": 12}, "verified", "strict", hour())
    assert not offered(url)
    children.set_age(child, {"at_least": 18}, "self_declared", None, hour())
    assert not families.may_vouch(child, 13, now=hour())
    assert house.key


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_speaks_both_languages(platform, hour, language):
    _, told, url = unsure_of_13(platform)
    home = signed_in(proven(told, hour), hour)
    here = f"?bahasa={language}"
    words = {
        "id": ("Lanjut minta orang tua", "Orang tuamu sudah ditanya", "Saya tidak yakin", "belum yakin"),
        "en": ("ask a parent", "Your parent has been asked", "I am not sure", "is not sure"),
    }[language]
    child = Client()
    child.get(f"{url}{here}")
    assert words[0] in child.get(f"{url}{here}&cara=guardian").content.decode()
    child.post(f"{url}/orang-tua")
    assert words[1] in child.get(f"{url}{here}").content.decode()
    assert words[2] in home.get(f"/keluarga/{here}").content.decode()
    home.post(question(), {"umur": "tidak-yakin"})
    assert words[3] in child.get(f"{url}{here}").content.decode()
