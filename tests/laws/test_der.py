"""The few parts of DER that we read ourselves, against `cryptography` as the second truth."""

import pytest
from cryptography import x509 as c_x509
from cryptography.x509.oid import ExtensionOID
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mdocs import NOW, ROOT_KEY, certificate, root, signer, trust

from ruangaman.core.credentials import der, x509

USED = [ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE]


@pytest.mark.parametrize(
    "encoded",
    [root(), signer(), root(path_length=None), root(path_length=3), signer(usage=None), signer(signs=False)],
)
def test_extensions_are_read_as_cryptography_reads_them(encoded: bytes) -> None:
    theirs = c_x509.load_der_x509_certificate(encoded)
    ours = der.extensions(theirs.tbs_certificate_bytes)
    assert len(ours) == len(list(theirs.extensions))
    for one in theirs.extensions:
        critical, value = ours[der.oid(one.oid.dotted_string)]
        assert critical is one.critical
        match one.value:
            case c_x509.BasicConstraints(ca=ca, path_length=length):
                assert der.is_authority(value) == (ca, length)
            case c_x509.KeyUsage() as usage:
                assert der.key_usage(value) == (usage.digital_signature, usage.key_cert_sign)
            case c_x509.ExtendedKeyUsage() as usage:
                assert der.purposes(value) == {der.oid(each.dotted_string) for each in usage}


@settings(max_examples=200)
@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**40), max_size=6))
def test_identifiers_are_written_as_cryptography_writes_them(
    first: int, second: int, rest: list[int]
) -> None:
    dotted = ".".join(str(one) for one in (first, second, *rest))
    try:
        told = c_x509.ExtendedKeyUsage([c_x509.ObjectIdentifier(dotted)]).public_bytes()
    except ValueError:
        return
    assert der.purposes(told) == {der.oid(dotted)}


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_a_value_error(data: bytes) -> None:
    for reader in (der.members, der.extensions, der.is_authority, der.key_usage, der.purposes):
        try:
            reader(data)
        except ValueError:
            continue


@pytest.mark.parametrize(
    "data",
    ["30", "3081", "308105" + "00" * 5, "30820005" + "00" * 5, "30850000000000", "3003", "1f8101", "3080"],
)
def test_lengths_have_one_form_and_end_inside(data: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        der.members(bytes.fromhex(data))


def test_an_extension_that_stands_twice_or_an_odd_flag_is_refused() -> None:
    def certified(*extensions: bytes) -> bytes:
        listed = b"".join(extensions)
        inner = b"\x30" + bytes((len(listed),)) + listed
        outer = b"\xa3" + bytes((len(inner),)) + inner
        return b"\x30" + bytes((len(outer),)) + outer

    good = bytes.fromhex("300c0603551d130101ff04023000")
    assert der.extensions(certified(good)) == {bytes.fromhex("551d13"): (True, b"\x30\x00")}
    for wrong in (
        [good, good],
        [good.replace(b"\x01\x01\xff", b"\x01\x01\x01")],
        [good[:2] + b"\x02" + good[3:]],
    ):
        with pytest.raises(ValueError, match=r"."):
            der.extensions(certified(*wrong))


def test_a_badly_written_name_beside_does_not_matter_unless_it_is_critical() -> None:
    """So signs the European reference issuer: its alternative name is wrapped twice."""
    assert x509.check_chain([signer()], trust(), purpose=x509.DOCUMENT_SIGNER, kind="*", now=NOW).key
    other = certificate("Penanda", ROOT_KEY, issuer="Akar", issuer_key=ROOT_KEY, critical_unknown=True)
    with pytest.raises(x509.WrongUse):
        x509.check_chain([other], trust(), purpose=x509.ANY_SIGNER, kind="*", now=NOW)
