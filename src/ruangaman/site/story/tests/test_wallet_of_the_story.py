"""The story as it is filled: its wallet proves an age to its house by a signed request, in either form."""

import html
import json
import re
import stat
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from cryptography import x509
from django.test import Client
from examples.dompet_identitas.wallet import Wallet
from examples.serving import Request

from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import checks, links, wallet_asking
from ruangaman.rooms.ages.models import AgeCheck
from ruangaman.site import start
from ruangaman.site.story.fill import fill
from ruangaman.site.story.house import House
from ruangaman.site.story.run import Ports, certified, settings_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
PORTS = {"platform_port": 18001, "registry_port": 18002, "school_port": 18003, "wallet_port": 18005}
BASE = "http://localhost:18000"


@pytest.fixture
def house(settings, tmp_path):
    """A filled story, set as `story run` sets it."""
    settings.STORY = True
    settings.DATA_DIR = tmp_path
    settings.BASE_URL = BASE
    settings.WEBHOOK_ALLOW = ["127.0.0.1:18001"]
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.STORY_WALLET = "http://identitas.localhost:18005/buka"
    clock.allow(tmp_path)
    found = House(tmp_path)
    fill(found, now=clock.now(), **PORTS)
    told = certified(found)
    settings.WALLET_CERTIFICATE_FILE = told["RUANGAMAN_WALLET_CERTIFICATE_FILE"]
    settings.WALLET_KEY_FILE = told["RUANGAMAN_WALLET_KEY_FILE"]
    yield found
    wallet_asking._certificate.cache_clear()
    clock.forbid()


def path_of(address: str) -> str:
    parts = urlsplit(address)
    assert f"{parts.scheme}://{parts.netloc}" == BASE
    return parts.path + (f"?{parts.query}" if parts.query else "")


class Phone:
    """The story's wallet with its settings file, which reaches the house and nothing else."""

    def __init__(self, house: House) -> None:
        self.sent: list[dict[str, str]] = []
        told = json.loads(house.wallet.read_text())
        self.wallet = Wallet(told, now=clock.now, send=self.send, get=self.get)

    def get(self, address: str) -> tuple[int, str, bytes]:
        reply = Client(HTTP_HOST="localhost").get(path_of(address))
        return reply.status_code, reply["Content-Type"], reply.content

    def send(self, address: str, body: bytes) -> tuple[int, bytes]:
        form = "application/x-www-form-urlencoded"
        self.sent.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
        reply = Client(HTTP_HOST="localhost").post(path_of(address), body, content_type=form)
        return reply.status_code, reply.content

    def ask(self, method: str, path: str, query: str = "", **form: str):
        body = urlencode(form).encode()
        host = "identitas.localhost:18005"
        return self.wallet.handle(
            Request(method, path, host, query={}, headers={}, cookies={}, body=body, raw_query=query)
        )

    def press(self, page: str, path: str, **more: str):
        """Send the form of a page, with what it carries along."""
        form = re.search(rf'<form method="post" action="{path}">(.*?)</form>', page, re.DOTALL)[1]
        carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
        carried = {name: html.unescape(value) for name, value in carried.items()}
        return self.ask("POST", path, **(carried | more))


def begun() -> tuple[Client, AgeCheck, str]:
    """A browser on the page of a check, and the link that it shows."""
    row = checks.ask(
        ids.new(clock.now()), jurisdiction="ID",
        card={"slug": "ramai", "name": "Ramai", "operator": "PT Ramai Contoh"},
        facts={"risk_profile": "high", "designed_for_children": False}, needed=True,
        threshold=16, bounds=[16], language="id", now=clock.now(),
    )  # fmt: skip
    browser = Client(HTTP_HOST="localhost")
    page = browser.post(f"/cek-umur/{links.derived(row.pk)}/identitas/mulai", follow=True).content.decode()
    assert "av://" not in page  # nothing on this machine would open it
    return (
        browser,
        AgeCheck.objects.get(pk=row.pk),
        html.unescape(re.search(r'id="buka" href="([^"]+)"', page)[1]),
    )


@pytest.mark.parametrize("form", ["av", "vc"])
@pytest.mark.parametrize(("person", "over"), [("ayu", True), ("bima", False)])
def test_an_age_is_proved_by_a_signed_request_in_either_form(house, form, person, over):
    browser, row, link = begun()
    assert link.startswith(
        "http://identitas.localhost:18005/buka?client_id=x509_san_dns%3Alocalhost&request_uri="
    )
    phone = Phone(house)
    who = str(phone.ask("GET", "/buka", urlsplit(link).query).body)
    assert "Yang bertanya: Ruang Aman (cerita). Namanya dijamin Daftar Penanya Contoh." in who
    what = str(phone.press(who, "/lihat", orang=person).body)
    assert re.findall(r'name="bukti" value="([^"]+)"', what) == ["av", "vc"]
    sent = phone.press(what, "/kirim", bukti=form)
    assert sent.status == 303, sent.body
    assert [set(one) for one in phone.sent] == [{"response"}]  # encrypted, and nothing beside it
    browser.get(path_of(sent.headers["Location"]), follow=True)
    row.refresh_from_db()
    assert (row.method, row.assurance, checks.result_of(row)) == ("wallet", "enhanced", over)


def test_a_no_ends_the_try_and_a_house_that_the_wallet_does_not_know_gets_nothing(house):
    _, _, link = begun()
    phone = Phone(house)
    who = str(phone.ask("GET", "/buka", urlsplit(link).query).body)
    assert phone.press(who, "/tolak").status == 200
    assert [one["error"] for one in phone.sent] == ["access_denied"]
    assert phone.ask("GET", "/buka", urlsplit(link).query).status == 400  # the question is over
    _, _, link = begun()
    told = json.loads(house.wallet.read_text())
    told["askers"][0]["certificate"] = told["issuer"]["root"]  # another register than the one of this house
    phone.wallet = Wallet(told, now=clock.now, send=phone.send, get=phone.get)
    refused = phone.ask("GET", "/buka", urlsplit(link).query)
    assert (refused.status, "tidak bisa membuktikan siapa dia" in str(refused.body)) == (400, True)
    assert len(phone.sent) == 1


def test_the_house_gets_a_certificate_of_its_own_name_that_its_start_accepts(house, settings):
    settings.SECRET_KEY_FILE.parent.mkdir(exist_ok=True)
    start._demand_wallet_certificate()
    own, root = x509.load_pem_x509_certificates(house.asker_certificate.read_bytes())
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    own.verify_directly_issued_by(root)
    assert wallet_asking.certificate().client_id == "x509_san_dns:localhost"
    assert len(wallet_asking.certificate().chain) == 1  # the wallet knows the root by itself
    for file in (house.asker_key, house.asker_certificate):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    # The root's key is nowhere.
    (key,) = re.findall(r"BEGIN [A-Z ]*KEY", house.asker_key.read_text())
    assert key == "BEGIN PRIVATE KEY"
    assert "KEY" not in house.asker_certificate.read_text()


def test_filling_again_keeps_the_certificate_and_another_name_gets_another(house, settings):
    files = house.asker_certificate, house.asker_key
    before = [one.read_bytes() for one in files]
    askers = json.loads(house.wallet.read_text())["askers"]
    fill(house, now=clock.now(), **(PORTS | {"wallet_port": 18015}))
    assert [one.read_bytes() for one in files] == before
    assert json.loads(house.wallet.read_text())["askers"] == askers
    settings.BASE_URL = "http://ruangaman.localhost:18000"
    fill(house, now=clock.now(), **PORTS)
    own, root = x509.load_pem_x509_certificates(house.asker_certificate.read_bytes())
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["ruangaman.localhost"]
    told = json.loads(house.wallet.read_text())["askers"]
    assert x509.load_pem_x509_certificate(told[0]["certificate"].encode()) == root
    assert told != askers


def test_a_story_of_an_older_edition_gets_an_office_that_signs_documents(house):
    told = json.loads(house.wallet.read_text())
    old = {name: told["issuer"][name] for name in ("root", "certificate", "key")}
    house.write(house.wallet, told | {"issuer": old})
    plan = json.loads(house.plan.read_text())
    house.write(house.plan, plan | {"edition": 7})
    assert fill(house, now=clock.now(), **PORTS) is True
    made = json.loads(house.wallet.read_text())["issuer"]
    assert made["root"] != old["root"]
    assert "document_key" in made
    (listed,) = ages.wallet_lists()
    assert (listed.slug, listed.anchors) == ("dinas-contoh", 1)
    assert Phone(house).wallet.office.doc_type == "eu.europa.ec.av.1"


def test_the_story_is_filled_without_and_served_with_its_certificate(tmp_path):
    """A house starts with no certificate that does not stand there yet."""
    ports = Ports(1, 2, 3, 4, 5, 6)
    told = certified(House(tmp_path))
    assert not set(told) & set(settings_of(ports, tmp_path))
    assert set(told) == {"RUANGAMAN_WALLET_CERTIFICATE_FILE", "RUANGAMAN_WALLET_KEY_FILE"}
