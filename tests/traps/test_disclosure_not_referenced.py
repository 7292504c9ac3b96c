"""A disclosure that the issuer never signed rides along, or replaces what it signed (RFC 9901 7.1 step 3 and 5)."""

import pytest
from tests.sd_jwt_wallet import prove
from tests.traps.credential import HOLDER, held, verify

from ruangaman.core.credentials import jose, sd_jwt
from ruangaman.core.credentials.sd_jwt import SdJwt


def disclosure(*parts):
    text = jose.to_base64url(jose.write_json(list(parts)))
    return text, sd_jwt.digest(text)


SALT = "c2FsdA"


def test_one_more_disclosure_is_refused_also_when_the_holder_signed_it():
    forged, _ = disclosure(SALT, "age_over_18", True)
    one = held()
    with pytest.raises(sd_jwt.DisclosureUnreferenced):
        verify(prove(SdJwt(one.issuer_jwt, (*one.disclosures, forged), None), HOLDER))


@pytest.mark.parametrize("name", ["_sd", "..."])
def test_a_disclosure_may_not_bring_the_names_of_the_format(name):
    text, digest = disclosure(SALT, name, ["x"])
    with pytest.raises(sd_jwt.NameReserved):
        sd_jwt.process({"_sd": [digest]}, [text])


def test_nor_change_the_hash():
    text, digest = disclosure(SALT, "_sd_alg", "sha-512")
    with pytest.raises(sd_jwt.NameReserved):
        sd_jwt.process({"_sd": [digest]}, [text])


def test_nor_take_the_place_of_a_claim_that_is_there():
    text, digest = disclosure(SALT, "assurance", "strict")
    with pytest.raises(sd_jwt.NameTaken):
        sd_jwt.process({"assurance": "asserted", "_sd": [digest]}, [text])


def test_nor_may_two_bring_the_same_name():
    (one, first), (two, second) = disclosure(SALT, "a", 1), disclosure(SALT, "a", 2)
    with pytest.raises(sd_jwt.NameTaken):
        sd_jwt.process({"_sd": [first, second]}, [one, two])


@pytest.mark.parametrize(
    "parts", [[], ["x"], ["x", "n", 1, 2], [1, "n", 1], ["x", 1, 1], {"a": 1}, "text", None, ["x", None, 1]]
)
def test_a_disclosure_of_another_form_is_refused(parts):
    text = jose.to_base64url(jose.write_json(parts))
    with pytest.raises(sd_jwt.BadDisclosure):
        sd_jwt.process({"_sd": [sd_jwt.digest(text)]}, [text])


def test_a_member_is_none_of_a_list_and_the_other_way_round():
    member, digest = disclosure(SALT, "n", 1)
    with pytest.raises(sd_jwt.BadDisclosure):
        sd_jwt.process({"list": [{"...": digest}]}, [member])
    element, digest = disclosure(SALT, 1)
    with pytest.raises(sd_jwt.BadDisclosure):
        sd_jwt.process({"_sd": [digest]}, [element])


@pytest.mark.parametrize(
    "payload",
    [
        {"_sd": "x"}, {"_sd": [1]}, {"_sd": None}, {"_sd": {}}, {"...": "x"}, {"deep": {"...": "x"}},
        {"list": [{"...": 1}]}, {"list": [{"...": "x", "more": 1}]}, {"deep": {"_sd": 5}},
    ],
)  # fmt: skip
def test_digests_in_another_form_are_refused(payload):
    with pytest.raises(sd_jwt.NameReserved):
        sd_jwt.process(payload, [])


@pytest.mark.parametrize("hash_", ["md5", "sha-1", "SHA-256", "sha256", "", None, 256, ["sha-256"]])
def test_a_hash_that_is_not_on_the_list_is_refused(hash_):
    with pytest.raises(sd_jwt.HashRefused):
        sd_jwt.process({"_sd_alg": hash_}, [])
