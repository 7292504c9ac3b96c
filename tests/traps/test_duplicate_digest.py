"""One digest in two places, so that one disclosure speaks twice (RFC 9901 7.1 step 4)."""

import pytest

from ruangaman.core.credentials import jose, sd_jwt


def disclosure(*parts):
    text = jose.to_base64url(jose.write_json(["c2FsdA", *parts]))
    return text, sd_jwt.digest(text)


TEXT, DIGEST = disclosure("age_over_16", True)
ELEMENT, ELEMENT_DIGEST = disclosure("ID")
FOREIGN = sd_jwt.digest("bm90aGluZw")


@pytest.mark.parametrize(
    ("payload", "disclosures"),
    [
        ({"_sd": [DIGEST, DIGEST]}, [TEXT]),
        ({"_sd": [DIGEST, DIGEST]}, []),
        ({"_sd": [FOREIGN, FOREIGN]}, []),
        ({"_sd": [DIGEST], "deep": {"_sd": [DIGEST]}}, [TEXT]),
        ({"_sd": [DIGEST], "list": [{"...": DIGEST}]}, []),
        ({"list": [{"...": ELEMENT_DIGEST}, {"...": ELEMENT_DIGEST}]}, [ELEMENT]),
        ({"list": [[{"...": ELEMENT_DIGEST}], {"...": ELEMENT_DIGEST}]}, [ELEMENT]),
        ({"_sd": [DIGEST]}, [TEXT, TEXT]),
    ],
)
def test_a_digest_that_stands_twice_is_refused(payload, disclosures):
    with pytest.raises(sd_jwt.DigestRepeated):
        sd_jwt.process(payload, disclosures)


def test_also_where_a_disclosure_brings_the_second_one():
    outer, outer_digest = disclosure("outer", {"_sd": [DIGEST]})
    with pytest.raises(sd_jwt.DigestRepeated):
        sd_jwt.process({"_sd": [outer_digest, DIGEST]}, [outer, TEXT])


def test_a_disclosure_that_holds_its_own_kind_many_times_costs_no_more_than_once():
    """Without the rule, twenty of these would be opened a million times."""
    inner, texts = ELEMENT_DIGEST, [ELEMENT]
    for _ in range(20):
        text, digest = disclosure([{"...": inner}, {"...": inner}])
        texts.append(text)
        inner = digest
    with pytest.raises(sd_jwt.DigestRepeated):
        sd_jwt.process({"list": [{"...": inner}]}, texts)
