"""`"eu.europa.ec.av.1 "` is another document than the one that is meant, and no wallet has it."""

import pytest

from ruangaman.core.credentials import dcql

DOCTYPE = "eu.europa.ec.av.1"


def query(doctype, space=DOCTYPE):
    claims = [{"path": [space, "age_over_18"]}]
    return {
        "credentials": [
            {"id": "a", "format": "mso_mdoc", "meta": {"doctype_value": doctype}, "claims": claims}
        ]
    }


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\u00a0", "\u2003"])
def test_a_blank_before_or_after_is_refused_with_its_own_code(blank):
    for told in (query(DOCTYPE + blank), query(blank + DOCTYPE), query(DOCTYPE, DOCTYPE + blank)):
        with pytest.raises(dcql.DoctypeWithBlank) as refusal:
            dcql.read(told)
        assert refusal.value.code == "openid4vp.query-doctype-blank"
    with pytest.raises(dcql.DoctypeWithBlank):
        dcql.one_claim("a", dcql.MDOC, [DOCTYPE + blank], [DOCTYPE, "age_over_18"])


def test_a_list_is_refused_with_its_own_code():
    with pytest.raises(dcql.DoctypeNoString):
        dcql.read(query([DOCTYPE]))
    with pytest.raises(dcql.DoctypeNoString):
        dcql.one_claim("a", dcql.MDOC, [DOCTYPE, "org.iso.18013.5.1.mDL"], [DOCTYPE, "age_over_18"])


def test_what_came_must_be_the_very_document():
    asked = dcql.read(query(DOCTYPE)).credentials[0]
    for doctype in (DOCTYPE + " ", DOCTYPE.upper(), "eu.europa.ec.av.2", ""):
        came = dcql.Presented(dcql.MDOC, doctype, {DOCTYPE: {"age_over_18": True}}, True)
        with pytest.raises(dcql.AnswerOfOtherKind):
            dcql.check_one(asked, came)
    dcql.check_one(asked, dcql.Presented(dcql.MDOC, DOCTYPE, {DOCTYPE: {"age_over_18": True}}, True))
