"""Who may sign documents: only a signer made for it, below an authority that is on the list for this very kind."""

import pytest
from tests.mdocs import (
    AV,
    NOW,
    ROOT_KEY,
    SIGNER_KEY,
    SIGNER_USAGE,
    Wallet,
    asked,
    certificate,
    check,
    private_key,
    root,
    signer,
    trust,
)

from ruangaman.core.credentials import cose, mdoc, x509

MIDDLE = private_key("middle")


def middle(**kinds):
    told = {"authority": True, "path_length": None} | kinds
    return certificate("Tengah", MIDDLE, issuer="Akar", issuer_key=ROOT_KEY, **told)


def below_middle(**kinds):
    told = {"usage": SIGNER_USAGE} | kinds
    return certificate("Penanda tangan", SIGNER_KEY, issuer="Tengah", issuer_key=MIDDLE, **told)


def test_a_signer_below_an_authority_below_the_root():
    wallet = Wallet(chain=(below_middle(), middle()))
    assert check(wallet, trust=trust(root(path_length=1))).issuer == "Akar"
    assert check(wallet, trust=trust(root(path_length=None))).issuer == "Akar"
    with pytest.raises(x509.WrongUse):
        check(wallet, trust=trust(root(path_length=0)))


def test_the_root_may_stand_at_the_end_of_the_chain_and_nothing_else():
    assert check(Wallet(chain=(signer(), root()))).issuer == "Akar"
    for more in ((middle(),), (root(), root()), (signer(),)):
        with pytest.raises(x509.IssuerUnknown):
            check(Wallet(chain=(signer(), *more)))


@pytest.mark.parametrize(
    ("chain", "refusal"),
    [
        ((signer(usage=None),), x509.WrongUse),
        ((signer(usage="1.0.18013.5.1.6"),), x509.WrongUse),
        ((signer(signs=False),), x509.WrongUse),
        ((signer(critical_unknown=True),), x509.WrongUse),
        ((signer(authority=True),), x509.WrongUse),
        ((below_middle(), middle(authority=False)), x509.WrongUse),
        ((below_middle(), middle(critical_unknown=True)), x509.WrongUse),
        ((below_middle(),), x509.IssuerUnknown),
        ((signer(), below_middle()), x509.IssuerUnknown),
        ((b"no certificate",), x509.CertificateMalformed),
        ((b"\x30" * 9_000,), x509.ChainTooLong),
        ((signer(),) * 6, x509.ChainTooLong),
    ],
)
def test_a_chain_that_leads_nowhere_is_refused(chain, refusal):
    with pytest.raises(refusal):
        check(Wallet(chain=chain), trust=trust(root(path_length=None)))


def test_the_name_of_the_root_does_not_make_a_root():
    forged = certificate(
        "Penanda tangan", SIGNER_KEY, issuer="Akar", issuer_key=private_key("forger"), usage=SIGNER_USAGE
    )
    with pytest.raises(x509.SignatureWrong):
        check(Wallet(chain=(forged,)))


def test_the_algorithm_beside_the_signature_is_the_one_under_it():
    """It stands outside what is signed: told otherwise there, a weak hash would pass for a strong one."""
    der = signer()
    place = der.rindex(bytes.fromhex("2a8648ce3d040302")) + 7
    with pytest.raises(x509.CertificateMalformed):
        check(Wallet(chain=(der[:place] + b"\x03" + der[place + 1 :],)))


def test_an_issuer_answers_only_for_what_the_list_says():
    assert check(Wallet(), trust=trust(answers_for=(AV,))).issuer == "Akar"
    with pytest.raises(x509.NotForThis):
        check(Wallet(), trust=trust(answers_for=(mdoc.MDL,)))


def test_a_remembered_signer_answers_for_nothing_more():
    roots = trust(answers_for=(AV,))
    assert check(Wallet(), trust=roots).issuer == "Akar"
    with pytest.raises(x509.NotForThis):
        check(Wallet(doc_type=mdoc.MDL), doc_type=mdoc.MDL, trust=roots)
    with pytest.raises(x509.WrongUse):
        check(Wallet(), trust=roots, purpose=x509.READER)


def test_an_entry_of_the_list_has_its_own_time():
    one = x509.certificate_of(root())
    for edges, counts in (((NOW - 9, NOW + 9), True), ((NOW + 301, None), False), ((None, NOW - 301), False)):
        entry = x509.TrustAnchor("Akar", one.public_key(), frozenset({AV}), one, frozenset(), *edges)
        listed = x509.TrustList.of([entry])
        if counts:
            assert check(Wallet(), trust=listed).issuer == "Akar"
            continue
        with pytest.raises(x509.OutOfTime):
            check(Wallet(), trust=listed)


def test_a_bare_key_or_the_signer_itself_may_be_on_the_list():
    bare = x509.TrustAnchor("Kunci", SIGNER_KEY.public_key(), frozenset({AV}))
    assert check(Wallet(), trust=x509.TrustList.of([bare])).issuer == "Kunci"
    assert check(Wallet(), trust=trust(signer())).issuer == "Akar"
    with pytest.raises(x509.IssuerUnknown):
        check(Wallet(), trust=trust(signer(usage="1.0.18013.5.1.6")))


def test_a_header_that_names_no_known_way_of_signing_is_refused():
    for headers in ({}, {1: 5}, {1: -37}, {1: "ES256"}, {1: cose.EDDSA}, {1: cose.ES384}):
        with pytest.raises(cose.AlgorithmRefused):
            check(Wallet(issuer_headers=headers))
    with pytest.raises(cose.MessageMalformed):
        check(Wallet(issuer_headers={1: cose.ES256, 2: [1]}))


def test_the_issuer_s_algorithm_does_not_come_from_the_open_header():
    """A MAC made with the public key as its secret is no signature."""
    with pytest.raises(cose.AlgorithmRefused):
        check(Wallet(issuer_headers={1: cose.HMAC_256}), **{"trust": asked().trust})
