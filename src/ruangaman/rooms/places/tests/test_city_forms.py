"""A city audits by its own form and rules: loaded by its staff, checked, versioned, kept by what began with them."""

import re
from datetime import timedelta

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ruangaman.adapters import audit_tables
from ruangaman.core.audits.form import AuditFormMalformed
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places.audits import certificates, defects, forms, opening
from ruangaman.rooms.places.audits.errors import AuditRefused, DefectRefused
from ruangaman.rooms.places.audits.reading import form_of, limits_of, rules_of
from ruangaman.rooms.places.models import AuditForm, CityForm

from .auditing import GATE, LIMITS, decided
from .conftest import NOON

pytestmark = pytest.mark.django_db
PAGE = "/kota/kota-melati/audit/formulir"


@pytest.fixture
def page(office, melati, hour):
    client = Client()
    client.force_login(office)
    return client


def written(part: int = 0, **changed) -> bytes:
    told = yaml.safe_load(audit_tables.as_yaml(part, audit_tables.shipped()[part]))
    return yaml.safe_dump(told | {"version": "2027-01-01"} | changed, allow_unicode=True).encode()


def short() -> bytes:
    """Ours without its last heading."""
    told = yaml.safe_load(audit_tables.as_yaml(0, audit_tables.shipped()[0]))
    return written(headings=told["headings"][:-1])


def in_feet() -> bytes:
    told = yaml.safe_load(audit_tables.as_yaml(0, audit_tables.shipped()[0]))
    gate = next(item for one in told["headings"] for item in one["items"] if item["id"] == GATE)
    gate["measure"]["unit"] = "kaki"
    return written(headings=told["headings"])


def post(page, part: str, data: bytes):
    return page.post(PAGE, {"bagian": part, "berkas": SimpleUploadedFile("baru.yaml", data)})


def test_its_staff_load_it_by_a_page_and_new_audits_begin_with_it(page, melati, users, office):
    before = decided(melati, users, office, NOON)
    assert "Kota memakai pertanyaan dan aturan rumah ini." in page.get(PAGE).content.decode()
    sent = post(page, "form", short())
    assert (sent.status_code, sent["Location"]) == (302, PAGE)
    told = page.get(PAGE).content.decode()
    assert "Versi kota 1, dimuat 25 November 2026." in told
    assert "2027-01-01" in told
    place = opening.add_space(melati, "Taman Lain", "99.71.01.1001", now=NOON)
    after = opening.begin(place, *users, by=office, now=NOON)
    assert len(form_of(after.form).headings) == 12
    before.refresh_from_db()
    assert len(form_of(before.form).headings) == 13
    assert Entry.objects.filter(kind="places.audit-form-loaded").count() == 1


def test_what_holds_is_a_file_to_change(page):
    data = page.get(f"{PAGE}/form.yaml")
    assert data["Content-Disposition"] == 'attachment; filename="form-kota-melati.yaml"'
    assert audit_tables.own_form(data.content) == audit_tables.shipped()[0]
    post(page, "form", short())
    assert len(audit_tables.own_form(page.get(f"{PAGE}/form.yaml").content)["headings"]) == 12
    assert audit_tables.own_rules(page.get(f"{PAGE}/rules.yaml").content) == audit_tables.shipped()[1]
    assert page.get(f"{PAGE}/lain.yaml").status_code == 404


def test_the_same_once_more_is_no_version(page, melati, office):
    ours = audit_tables.as_yaml(0, audit_tables.shipped()[0]).encode()
    assert forms.load(melati, "form", ours, by=office, now=NOON) is None
    for _ in range(2):
        post(page, "form", short())
    assert CityForm.objects.count() == 1


def test_a_version_never_stands_for_two_things(page, melati):
    post(page, "form", short())
    refused = post(page, "form", written())
    assert refused.status_code == 422
    assert "Versi ini sudah dipakai untuk isi yang lain." in refused.content.decode()
    assert "places.audit-refused: form-version" in refused.content.decode()
    version = audit_tables.shipped()[1]["version"]
    assert post(page, "rules", written(1, version=version, check="lain")).status_code == 422
    assert CityForm.objects.count() == 1


ALIASES = b"version: &a 2027-01-01\nsource: *a\n"


@pytest.mark.parametrize(
    ("part", "data", "at"),
    [
        ("form", b"", "file: pack.not-yaml"),
        ("form", b"- 1", "file: TypeError"),
        ("form", b"\xff\xfe", "file: pack.not-utf8"),
        ("form", ALIASES, "line 1: pack.anchor"),
        ("form", b"version: a\nversion: b", "line 2: pack.duplicate-key"),
        ("form", written(version="kemarin"), "version"),
        ("form", written(headings=[]), "headings"),
        ("form", written(source="x" * 300_000), "more than 256 KiB"),
        ("rules", written(1, ranks=[]), "rules"),
        ("rules", written(), "rules: KeyError"),
        ("lain", written(), "part"),
    ],
)
def test_what_is_no_form_is_refused_with_code_and_place(part, data, at, page):
    refused = post(page, part, data)
    assert refused.status_code == 422
    [code] = re.findall(r"<code>(.*?)</code>", refused.content.decode())
    assert code == f"audits.form-malformed: {at}"
    assert not CityForm.objects.exists()
    assert not AuditForm.objects.exclude(version=audit_tables.shipped()[0]["version"]).exists()


@pytest.mark.parametrize("days", [[30, 90], [90, 90], [0], [800], list(range(13, 0, -1)), ["x"], 90])
def test_reminders_are_days_before_the_end_the_first_one_first(days):
    certificate = audit_tables.shipped()[1]["certificate"] | {"remind_days": days}
    with pytest.raises(AuditFormMalformed):
        audit_tables.own_rules(written(1, certificate=certificate))


def test_only_who_loads_may(person, melati, hour):
    for role in ("bappeda", "kelurahan", "auditor", "body"):
        client = Client()
        client.force_login(person(role))
        assert client.get(PAGE).status_code == 403
        assert post(client, "form", short()).status_code == 403
        assert client.get(f"{PAGE}/form.yaml").status_code == 403
    assert not CityForm.objects.exists()


def test_limits_follow_the_form_and_what_no_longer_fits_is_left_out(melati, users, office, hour):
    opening.load_limits(melati, LIMITS, "batas.csv", by=office, now=NOON)
    forms.load(melati, "form", in_feet(), by=office, now=NOON)
    row = forms.current(melati, now=NOON)
    assert limits_of(opening.latest_limits(melati), form_of(row)) == {}
    feet = LIMITS.replace(b",cm,90,", b",kaki,3,")
    assert opening.load_limits(melati, feet, "batas.csv", by=office, now=NOON).number == 2
    assert list(limits_of(opening.latest_limits(melati), form_of(row))) == ["lebar_pintu_cm"]


def test_a_defect_is_told_by_the_form_of_the_city(melati, users, office):
    place = opening.add_space(melati, "Taman Melati", "99.71.01.1001", now=NOON)
    last = list(audit_tables.shipped_form().items)[-1]
    assert defects.report(place, last, now=NOON).item == last
    forms.load(melati, "form", short(), by=office, now=NOON)
    with pytest.raises(DefectRefused):
        defects.report(place, last, now=NOON)


def test_its_rules_say_how_long_a_certificate_holds(page, melati, users, office):
    certificate = audit_tables.shipped()[1]["certificate"] | {"days": 100, "remind_days": [10]}
    assert post(page, "rules", written(1, certificate=certificate)).status_code == 302
    row = certificates.give(decided(melati, users, office, NOON), by=office, now=NOON)
    assert row.valid_until == NOON + timedelta(days=100)
    assert row.remind_at == NOON + timedelta(days=90)
    assert rules_of(row.audit.form).certificate_days == 100


def test_another_city_keeps_the_houses_own(page, melati, office):
    from ruangaman.rooms.places import cities

    post(page, "form", short())
    other = cities.add("kota-mawar", "99.72", "Kota Mawar", now=NOON)
    assert len(form_of(forms.current(other, now=NOON)).headings) == 13
    assert reverse("places:audit_forms", args=["kota-mawar"]) != PAGE
    assert page.get("/kota/kota-mawar/audit/formulir").status_code == 403
    with pytest.raises(AuditRefused):
        forms.load(melati, "form", written(), by=office, now=NOON)
