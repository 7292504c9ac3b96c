"""Children sign up at platforms, guardians answer, and the platform reads what the law then says."""

from datetime import timedelta

import pytest

from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.errors import ServiceRefused
from ruangaman.rooms.access.models import AccessSession, Event, GuardianAsk
from ruangaman.rooms.access.tests.conftest import BORN, NOON, SARI, answer, withdraw
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger

pytestmark = pytest.mark.slow

# Who, where, with which evidence: what stands at once, and what a guardian's yes makes of it.
# Dongeng Kita is low risk and made for children, Obrol a low-risk chat, Ramai a high-risk social network.
TABLE = [
    ("sari", "dongeng-kita", "verified", "waiting", "open"),
    ("sari", "obrol", "verified", "closed", None),
    ("sari", "ramai", "verified", "closed", None),
    ("bima", "dongeng-kita", "verified", "waiting", "open"),
    ("bima", "obrol", "verified", "waiting", "open"),
    ("bima", "ramai", "verified", "closed", None),
    ("ayu", "dongeng-kita", "verified", "waiting", "open"),
    ("ayu", "obrol", "verified", "waiting", "open"),
    ("ayu", "ramai", "verified", "waiting", "open"),
    ("bima", "obrol", "self_declared", "waiting", "open"),
    ("sari", "ramai", "self_declared", "closed", None),
]


@pytest.mark.parametrize(("who", "service", "evidence", "first", "after_yes"), TABLE)
def test_each_child_at_each_service(platform, hour, who, service, evidence, first, after_yes):
    house = platform(service)
    told = house.sign_up(service, age=BORN[who], evidence=evidence, child={"nickname": who.title()})
    assert told.status == 201, told.json
    assert told.json["state"] == first, told.json["answer"]
    assert told.headers["Location"] == f"/v1/sessions/{told.json['id']}"
    if first == "closed":
        assert told.json["next"] is None
        assert told.json["answer"]["outcome"] == "deny"
        assert all(one["state"] == "off" for one in told.json["features"].values())
        return
    assert told.json["next"]["kind"] == "guardian_request"
    assert told.json["next"]["url"].startswith("http")
    assert len(told.json["next"]["tile"]["words"]["id"]) == 3
    answer(told.json["id"], yes=True, now=hour.pass_(hours=1))
    now = house.get(f"/v1/sessions/{told.json['id']}")
    assert now.json["state"] == after_yes, now.json["answer"]
    assert now.json["next"] is None
    assert now.json["features"]["precise_location"] == {"state": "off", "managed_by": "nobody"}
    assert "PP 17/2025 Art. 9" in " ".join(now.json["answer"]["articles"])


def test_a_claimed_17_at_a_high_risk_service_needs_an_age_check(platform, hour):
    house = platform("ramai")
    told = house.sign_up("ramai", age=BORN["ayu"], evidence="self_declared")
    assert told.json["state"] == "waiting"
    assert told.json["next"]["kind"] == "age_check"
    assert told.json["next"]["needs"]
    proven = house.post(
        f"/v1/sessions/{told.json['id']}/age",
        {"age": {"at_least": 16, "at_most": 17}, "evidence": "verified", "assurance": "enhanced"},
    )
    assert proven.status == 200
    assert proven.json["next"]["kind"] == "guardian_request"


def test_no_age_at_all_asks_for_the_age(platform, hour):
    told = platform("obrol").sign_up("obrol")
    assert told.json["next"]["kind"] == "age_check"
    assert told.json["answer"]["outcome"] == "ask_age"


def test_a_grown_up_needs_nobody(platform, hour):
    told = platform("ramai").sign_up("ramai", age={"at_least": 18}, evidence="verified")
    assert told.json["state"] == "open"
    assert told.json["answer"]["outcome"] == "not_a_child"
    assert told.json["consent"] is None


def test_at_17_the_child_agrees_and_the_parent_confirms(platform, hour):
    house = platform("ramai")
    told = house.sign_up("ramai", age=BORN["ayu"], evidence="verified", child_consent=True)
    assert told.json["consent"]["kind"] == "confirmation"
    assert told.json["state"] == "waiting"
    assert told.json["next"]["due_at"] is None  # the law gives no number at 17
    answer(told.json["id"], yes=True, now=hour.pass_(hours=30))
    assert house.get(f"/v1/sessions/{told.json['id']}").json["state"] == "open"


def test_the_window_closes_at_its_very_second_whatever_the_jobs_do(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    path = f"/v1/sessions/{told.json['id']}"
    assert told.json["next"]["due_at"] == (NOON + timedelta(hours=24)).isoformat().replace("+00:00", "Z")
    assert told.json["valid_until"] == told.json["next"]["due_at"]
    hour.at = NOON + timedelta(hours=24)
    assert house.get(path).json["state"] == "waiting"
    hour.pass_(microseconds=1)
    lapsed = house.get(path).json
    assert lapsed["state"] == "closed"
    assert lapsed["consent"]["state"] == "lapsed"
    assert lapsed["answer"]["reason"] == "ID/account/consent-lapsed-under-17"


def test_after_a_lapse_a_new_sign_up_asks_again_linked_to_the_old_request(platform, hour):
    house = platform("obrol")
    first = house.sign_up("obrol", age=BORN["bima"])
    hour.pass_(hours=25)
    again = house.sign_up("obrol")
    assert again.status == 200
    assert again.json["id"] == first.json["id"]
    assert again.json["state"] == "waiting"
    old, new = GuardianAsk.objects.order_by("asked_at")
    assert new.follows_id == old.request


def test_the_same_child_again_continues_the_same_session_and_the_same_request(platform, hour):
    house = platform("obrol")
    first = house.sign_up("obrol", age=BORN["bima"], guardian={"email": "ibu@contoh.example"})
    hour.pass_(minutes=5)
    again = house.sign_up("obrol", age=BORN["bima"], guardian={"email": "ibu@contoh.example"})
    assert (first.status, again.status) == (201, 200)
    assert again.json["id"] == first.json["id"]
    assert GuardianAsk.objects.count() == 1


def test_another_address_replaces_the_waiting_request(platform, hour):
    house = platform("obrol")
    house.sign_up("obrol", age=BORN["bima"], guardian={"email": "salah@contoh.example"})
    house.sign_up("obrol", guardian={"email": "ibu@contoh.example"})
    assert GuardianAsk.objects.count() == 2
    session = AccessSession.objects.get()
    states = [one.state for one in families.requests_of(families.ChildRef(session.child), NOON)]
    assert sorted(states) == ["replaced", "requested"]


def test_a_guardian_is_asked_five_times_a_day_at_most(platform, hour):
    house = platform("obrol")
    house.sign_up("obrol", age=BORN["bima"], guardian={"email": "a0@contoh.example"})
    for number in range(1, 5):
        told = house.sign_up("obrol", guardian={"email": f"a{number}@contoh.example"})
        assert told.status == 200
    refused = house.sign_up("obrol", guardian={"email": "a5@contoh.example"})
    assert (refused.status, refused.code) == (429, "access.guardian-asked-too-often")
    assert int(refused.headers["Retry-After"]) > 3600
    assert GuardianAsk.objects.count() == 5


def test_a_refusal_closes_and_starts_a_deletion_that_the_platform_confirms(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", subject="p-9", age=BORN["bima"])
    answer(told.json["id"], yes=False, now=hour.pass_(hours=1))
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert (now["state"], now["answer"]["outcome"], now["next"]) == ("closed", "deny", None)
    assert "delete_child_data" in now["answer"]["actions"]
    again = house.sign_up("obrol", subject="p-9")
    assert again.json["state"] == "closed"
    assert GuardianAsk.objects.count() == 1, "a refusal is not asked again"
    (duty,) = house.get("/v1/deletions").json["deletions"]
    assert (duty["reason"], duty["subject"], duty["session"]) == ("refused", "p-9", told.json["id"])
    body = {
        "systems": ["akun", "pesan"],
        "counts": {"messages": 3},
        "done_at": hour.pass_(hours=1).isoformat(),
        "by": "petugas pelindungan data",
        "exceptions": [{"what": "bukti pembayaran", "ground": "UU KUP Pasal 28"}],
    }
    done = house.post(f"/v1/deletions/{duty['id']}/confirm", body)
    assert done.status == 200
    assert done.json["receipt"]
    assert house.post(f"/v1/deletions/{duty['id']}/confirm", body).json["receipt"] == done.json["receipt"]
    assert house.get("/v1/deletions").json["deletions"] == []
    kinds = [one["type"] for one in house.get("/v1/events").json["events"]]
    assert kinds == ["consent.requested", "consent.refused", "deletion.due", "deletion.completed"]


def test_a_withdrawal_closes_what_a_yes_had_opened(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    mother = answer(told.json["id"], yes=True, now=hour.pass_(hours=1))
    withdraw(told.json["id"], mother, now=hour.pass_(days=3))
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert (now["state"], now["consent"]["state"]) == ("closed", "withdrawn")
    assert "end_access" in now["answer"]["actions"]


def test_a_birthday_shows_at_midnight_where_the_law_counts(platform, hour):
    house = platform("obrol")
    hour.at = NOON
    told = house.sign_up("obrol", age={"birth_date": "2013-11-26"}, evidence="verified")  # 13 tomorrow
    assert told.json["state"] == "closed"
    assert (
        told.json["valid_until"] == "2026-11-25T15:00:00Z"
    )  # midnight in Jayapura, where the day begins first
    hour.at = NOON.replace(hour=15, minute=30)
    doubted = house.get(f"/v1/sessions/{told.json['id']}").json
    assert doubted["answer"]["outcome"] == "deny"
    assert [one["id"] for one in doubted["answer"]["doubt"]] == ["time_zone"]
    assert doubted["valid_until"] == "2026-11-25T16:00:00Z"  # then midnight in Makassar, then in Jakarta
    hour.at = NOON.replace(hour=16, minute=59, second=59)
    assert house.get(f"/v1/sessions/{told.json['id']}").json["answer"]["outcome"] == "deny"
    hour.at = NOON.replace(hour=17)
    assert house.get(f"/v1/sessions/{told.json['id']}").json["answer"]["outcome"] == "ask_guardian"


def test_closing_the_account_ends_the_session_and_begins_a_deletion(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    answer(told.json["id"], yes=True, now=hour.pass_(hours=1))
    closed = house.call("DELETE", f"/v1/sessions/{told.json['id']}")
    assert (closed.status, closed.json["state"]) == (200, "closed")
    assert closed.json["deletion"]
    assert house.call("DELETE", f"/v1/sessions/{told.json['id']}").json["deletion"] == closed.json["deletion"]
    late = house.post(f"/v1/sessions/{told.json['id']}/age", {"age": SARI})
    assert (late.status, late.code) == (409, "access.session-closed")
    body = {"systems": ["akun"], "done_at": hour.pass_(hours=1).isoformat(), "by": "petugas"}
    assert house.post(f"/v1/deletions/{closed.json['deletion']}/confirm", body).status == 200
    assert house.get(f"/v1/sessions/{told.json['id']}").json["subject"] is None, "the pseudonym is forgotten"
    fresh = house.sign_up("obrol", age=BORN["bima"])
    assert fresh.status == 201
    assert fresh.json["id"] != told.json["id"]


def test_another_platform_sees_nothing(platform, hour):
    obrol, ramai = platform("obrol"), platform("ramai")
    told = obrol.sign_up("obrol", age=BORN["bima"])
    path = f"/v1/sessions/{told.json['id']}"
    for refused in (
        ramai.get(path),
        ramai.call("DELETE", path),
        ramai.post(f"{path}/age", {"age": SARI}),
        ramai.sign_up("obrol", age=BORN["bima"]),
    ):
        assert refused.status == 404, refused.json
    assert ramai.get("/v1/events").json["events"] == []
    answer(told.json["id"], yes=False, now=hour.pass_(hours=1))
    (duty,) = obrol.get("/v1/deletions").json["deletions"]
    body = {"systems": ["akun"], "done_at": hour.at.isoformat(), "by": "petugas"}
    assert ramai.post(f"/v1/deletions/{duty['id']}/confirm", body).status == 404
    assert ramai.get("/v1/deletions").json["deletions"] == []


def test_an_operators_key_sees_all_its_services_and_no_other(platform, hour):
    both = platform(operator="PT Contoh Riang")
    assert both.sign_up("obrol", age=BORN["bima"]).status == 201
    assert both.sign_up("dongeng-kita", age=BORN["sari"]).status == 201
    assert both.sign_up("ramai", age=BORN["ayu"]).code == "access.service-unknown"


def test_a_new_determination_shows_at_the_next_look(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    answer(told.json["id"], yes=True, now=hour.pass_(hours=1))
    access.update_service("obrol", risk_profile="high", now=hour.at)
    now = house.get(f"/v1/sessions/{told.json['id']}").json
    assert (now["state"], now["answer"]["outcome"]) == ("closed", "deny")


def test_a_new_determination_is_told_to_the_platform_and_to_no_other(platform, hour):
    house, other = platform("obrol"), platform("ramai")
    determined = {
        "risk_profile": "high",
        "risk_determined_by": "Komdigi",
        "risk_determined_at": hour.pass_(hours=1),
    }
    access.update_service("obrol", now=hour.at, **determined)
    access.update_service("obrol", now=hour.pass_(hours=1), **determined)  # the same again tells nothing
    access.update_service("obrol", now=hour.at, contact="halo@obrol.example")
    (event,) = house.get("/v1/events").json["events"]
    assert (event["type"], event["data"]) == (
        "determination.published",
        {
            "service": "obrol",
            "session": None,
            "risk_profile": "high",
            "determined_by": "Komdigi",
            "determined_at": determined["risk_determined_at"].isoformat(),
        },
    )
    assert other.get("/v1/events").json["events"] == []


def test_a_determination_of_a_later_day_does_not_bind_today(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    answer(told.json["id"], yes=True, now=hour.pass_(hours=1))
    later = hour.at + timedelta(seconds=1)
    with pytest.raises(ServiceRefused) as refused:
        access.update_service(
            "obrol", risk_profile="high", risk_determined_by="Komdigi", risk_determined_at=later, now=hour.at
        )
    assert refused.value.facts["why"] == "risk_determined_at lies in the future"
    assert house.get(f"/v1/sessions/{told.json['id']}").json["state"] == "open"
    assert [one["type"] for one in house.get("/v1/events").json["events"]][-1] == "consent.given"


def test_unchanged_is_304(platform, hour):
    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    path = f"/v1/sessions/{told.json['id']}"
    tag = house.get(path).headers["ETag"]
    again = house.get(path, if_none_match=tag)
    assert (again.status, again.json) == (304, None)
    assert "Content-Type" not in again.headers
    answer(told.json["id"], yes=True, now=hour.pass_(minutes=1))
    assert house.get(path, if_none_match=tag).status == 200


def test_no_event_names_a_person_and_no_table_holds_one_in_clear(platform, hour):
    house = platform("obrol")
    told = house.sign_up(
        "obrol",
        subject="p-4711-rahasia",
        age=BORN["bima"],
        child={"nickname": "Bimasakti"},
        guardian={"email": "ibu.bima@contoh.example"},
    )
    answer(told.json["id"], yes=True, now=hour.pass_(hours=1))
    told_by_feed = str(house.get("/v1/events").json)
    for secret in ("Bimasakti", "ibu.bima", "p-4711", "2012-03-14", "mother"):
        assert secret not in told_by_feed
    from django.db import connection

    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = str(cursor.fetchall())
            for secret in ("Bimasakti", "ibu.bima", "p-4711", "2012-03-14"):
                assert secret not in rows, table
    assert Event.objects.count() >= 2


def test_every_act_stands_in_the_ledger(platform, hour):
    from ruangaman.rooms.ledger.models import Entry

    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    house.call("DELETE", f"/v1/sessions/{told.json['id']}")
    kinds = set(Entry.objects.values_list("kind", flat=True))
    wanted = {"access.service-added", "access.key-created", "access.session-opened", "access.session-closed"}
    assert wanted <= kinds
    assert ledger.verify().count == Entry.objects.count()


def test_after_not_my_child_the_same_address_is_not_asked_again(platform, hour):
    from ruangaman.rooms.families import actions
    from ruangaman.rooms.families.models import Outgoing

    house = platform("obrol")
    wrong = {"email": "orang.lain@contoh.example"}
    house.sign_up("obrol", age=BORN["bima"], guardian=wrong)
    session = AccessSession.objects.get()
    actions.not_my_child(session.request, now=hour.pass_(minutes=1), letter=Outgoing.objects.get().pk)
    told = house.sign_up("obrol", guardian=wrong)
    assert (told.json["state"], told.json["consent"]["state"]) == ("closed", "not_my_child")
    assert told.json["next"] == {"kind": "ask_guardian", "other_guardian": True}
    assert GuardianAsk.objects.count() == 1
    assert house.sign_up("obrol", guardian={"email": "ibu@contoh.example"}).json["state"] == "waiting"
    assert (GuardianAsk.objects.count(), Outgoing.objects.count()) == (2, 2)


def test_after_not_my_child_a_child_without_any_address_shows_the_code_and_nobody_is_written_to(
    platform, hour
):
    from ruangaman.rooms.families import actions
    from ruangaman.rooms.families.models import Outgoing

    house = platform("obrol")
    house.sign_up("obrol", age=BORN["bima"], guardian={"email": "orang.lain@contoh.example"})
    session = AccessSession.objects.get()
    actions.not_my_child(session.request, now=hour.pass_(minutes=1), letter=Outgoing.objects.get().pk)
    told = house.sign_up("obrol")
    assert (told.json["state"], told.json["next"]["kind"]) == ("waiting", "guardian_request")
    assert Outgoing.objects.count() == 1


def test_a_confirmation_that_waits_becomes_a_consent_when_the_age_is_corrected_below_17(platform, hour):
    house = platform("ramai")
    told = house.sign_up("ramai", age=BORN["ayu"], evidence="verified", child_consent=True)
    corrected = house.post(
        f"/v1/sessions/{told.json['id']}/age", {"age": {"birth_date": "2010-02-20"}, "evidence": "verified"}
    )
    assert (corrected.json["consent"]["kind"], corrected.json["state"]) == ("consent", "waiting")
    assert corrected.json["next"]["due_at"]


def test_a_switch_of_the_guardian_shows_and_no_switch_opens_what_the_law_closes(platform, hour):
    from ruangaman.rooms.families.models import Permission

    house = platform("obrol")
    told = house.sign_up("obrol", age=BORN["bima"])
    answer(told.json["id"], yes=True, now=hour.pass_(minutes=1))
    Permission.objects.filter(feature="direct_messages").update(state="on")
    path = f"/v1/sessions/{told.json['id']}"
    assert house.get(path).json["features"] == {
        "direct_messages": {"state": "on", "managed_by": "guardian"},
        "precise_location": {"state": "off", "managed_by": "nobody"},
    }
    access.update_service("obrol", risk_profile="high", now=hour.at)
    assert {one["state"] for one in house.get(path).json["features"].values()} == {"off"}


@pytest.mark.parametrize(("who", "service"), [("sari", "obrol"), ("sari", "ramai"), ("bima", "ramai")])
def test_a_child_whom_the_law_keeps_out_gets_a_page_that_says_why_and_takes_its_no(
    platform, hour, client, who, service
):
    told = platform(service).sign_up(
        service, age=BORN[who], evidence="verified", child={"nickname": who.title()}
    )
    page = client.get(told.json["child_url"].removeprefix("http://localhost:8000")).content.decode()
    assert ("Nanti, 16 tahun" if service == "ramai" else "Nanti, 13 tahun") in page
    assert "Aku tidak setuju" in page
    assert "Umurku salah" in page
    assert "/umur" in page


def test_every_session_has_the_childs_page(platform, hour, client):
    house = platform("obrol")
    told = [
        house.sign_up("obrol", "p-unknown"),
        house.sign_up("obrol", "p-small", age=SARI),
        house.sign_up("obrol", "p-asks", age=BORN["bima"]),
        house.sign_up("obrol", "p-grown", age={"at_least": 18}, evidence="verified"),
    ]
    addresses = {one.json["child_url"] for one in told}
    assert len(addresses) == 4
    for url in addresses:
        assert client.get(url.removeprefix("http://localhost:8000")).status_code == 200


def test_the_page_explains_the_answer_of_now_and_not_of_the_sign_up(platform, hour, client):
    told = platform("obrol").sign_up(
        "obrol", age=BORN["bima"], evidence="verified", child={"nickname": "Bima"}
    )
    answer(told.json["id"], yes=True, now=hour.pass_(hours=1))
    page = client.get(told.json["child_url"].removeprefix("http://localhost:8000")).content.decode()
    assert "Terbuka" in page
    assert "Belum boleh" not in page


def test_nobody_watches_a_grown_up_and_no_rule_for_children_sets_her_switches(platform, hour):
    access.update_service(
        "obrol",
        features=[
            {"name": "parental_supervision", "title": {"id": "Lama pakai", "en": "Time used"}, "watch": True},
            {"name": "direct_messages", "title": {"id": "Pesan", "en": "Messages"}},
            {"name": "precise_location", "title": {"id": "Lokasi", "en": "Location"}},
        ],
        now=hour.at,
    )
    house = platform("obrol")
    told = house.sign_up("obrol", age={"birth_date": "2008-11-26"}, evidence="verified")  # 18 tomorrow
    answer(told.json["id"], yes=True, now=hour.pass_(minutes=1))
    path = f"/v1/sessions/{told.json['id']}"
    assert house.get(path).json["features"]["parental_supervision"]["managed_by"] == "guardian"
    hour.at = NOON.replace(hour=17)
    grown = house.get(path).json
    assert grown["answer"]["outcome"] == "not_a_child"
    assert grown["features"]["parental_supervision"] == {"state": "off", "managed_by": None}
    assert {one["managed_by"] for one in grown["features"].values()} == {None}


def test_inside_an_app_that_the_law_closes_no_parent_sets_anything(platform, hour):
    house = platform("obrol")
    closed = house.sign_up("obrol", "p-sari", age=SARI, evidence="verified").json
    assert {one["managed_by"] for one in closed["features"].values()} == {"nobody"}
    waiting = house.sign_up("obrol", "p-bima", age=BORN["bima"]).json
    assert waiting["features"]["direct_messages"]["managed_by"] == "guardian"
    answer(waiting["id"], yes=False, now=hour.pass_(minutes=1))
    refused = house.get(f"/v1/sessions/{waiting['id']}").json
    assert refused["features"]["direct_messages"]["managed_by"] == "guardian", (
        "closed by a parent, not the law"
    )


def test_the_session_cites_the_law_in_both_languages_and_carries_the_tiles_picture(platform, hour):
    told = platform("obrol").sign_up("obrol", age=BORN["bima"]).json
    assert any("Pasal 9" in one for one in told["articles"]["id"])
    assert not any("Art." in one or "(reported)" in one for one in told["articles"]["id"])
    assert told["articles"]["en"] == list(dict.fromkeys(told["answer"]["articles"]))
    assert told["next"]["tile"]["svg"].startswith("<svg")


@pytest.mark.parametrize("age", ["2010-02-20", {"at_least": 14, "at_most": 14}])
def test_a_confirmation_that_was_given_is_void_below_17_and_the_parent_is_asked_anew(platform, hour, age):
    house = platform("ramai")
    told = house.sign_up("ramai", age=BORN["ayu"], evidence="verified", child_consent=True)
    path = f"/v1/sessions/{told.json['id']}"
    answer(told.json["id"], yes=True, now=hour.pass_(minutes=1))
    assert house.get(path).json["state"] == "open"
    said = {"birth_date": age} if isinstance(age, str) else age
    corrected = house.post(f"{path}/age", {"age": said, "evidence": "verified"}).json
    if isinstance(age, str):  # 16: a parent may open it
        assert (corrected["consent"]["kind"], corrected["state"]) == ("consent", "waiting")
        assert corrected["next"]["due_at"]
        answer(told.json["id"], yes=True, now=hour.pass_(minutes=1))
        assert house.get(path).json["state"] == "open"
        assert GuardianAsk.objects.count() == 2
    else:  # 14 at a high risk: nobody may
        assert corrected["state"] == "closed"
        assert GuardianAsk.objects.count() == 1
    from ruangaman.rooms.families.models import Watch

    assert not Watch.objects.filter(until__isnull=True).exists()
