"""
What a wallet showed: verified whole, and reduced to one yes or no. Nothing else of it leaves this module.

The order: form, one presentation of one kind that was asked for, issuer, time, holder's proof for this very try, no
more than the one claim, and last the issuer's status list, for which a call leaves the house.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import cbor, cose, dcql, jose, mdoc, mdoc_reading, mdoc_zk, sd_jwt_vc, x509
from ruangaman.core.credentials.openid4vp_answer import Presentation
from ruangaman.core.credentials.sd_jwt import KeyBinding, KeyOf
from ruangaman.core.credentials.status_list import Reference
from ruangaman.rooms.ages import wallet_asking, wallet_proofs, wallet_status
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.wallet_status import Speaker
from ruangaman.rooms.ages.wallet_trust import Trust

NOTHING_SIGNED_BY_DEVICE: Final = cbor.embedded(b"\xa0")
SKEW: Final = 300


@dataclass(frozen=True, slots=True)
class Bound:
    """
    To what the proof must be bound, all of one try.

    Attributes:
        audience: `aud` of a key binding JWT. transcript: SessionTranscript of a mobile document.
        reader_key: to which the answer came encrypted; with it a device may have proved itself by a MAC
            (OpenID4VP 1.0 B.2.2). None where it came plain: then only signatures will do.
    """

    nonce: str
    audience: str
    transcript: bytes
    reader_key: ec.EllipticCurvePrivateKey | None = None


def read(
    vp_token: Mapping[str, Sequence[Presentation]],
    *,
    threshold: int,
    bound: Bound,
    trust: Trust,
    now: datetime,
) -> Proved:
    """
    The answer to "this age or over", and what it is worth by the list that its issuer stands on.

    Raises:
        CredentialError: the first thing that is wrong, also of `adapters.longfellow`. StatusUnreachable,
        CredentialNotValid.
    """
    query = dcql.read(wallet_asking.question(trust, threshold))
    shown = [(id_, one) for id_, several in vp_token.items() for one in several]
    if len(shown) != 1:  # alternatives: one is enough, and two would be more than was asked
        raise dcql.AnswerTooMuch
    id_, presentation = shown[0]
    asked = next((one for one in query.credentials if one.id == id_), None)
    if asked is None:
        raise dcql.AnswerUnasked
    if not isinstance(presentation, str):
        raise dcql.AnswerOfOtherKind
    second = int(now.timestamp())
    if asked.format == dcql.MDOC:
        found = _mdoc(presentation, asked, threshold, bound, trust, second)
    elif asked.format == dcql.MDOC_ZK:
        found = _proof(presentation, asked, threshold, bound, trust, second)
    else:
        found = _sd_jwt(presentation, asked, threshold, bound, trust, second)
    dcql.check(query, {id_: [found.presented]})
    if found.status is not None:
        wallet_status.demand_valid(found.status, found.speaker, trust.issuers, now=now)
    return Proved(found.over, trust.worth[found.speaker.anchor.name])


@dataclass(frozen=True, slots=True)
class _Found:
    over: bool
    presented: dcql.Presented
    speaker: Speaker
    status: Reference | None


def _mdoc(
    text: str, asked: dcql.CredentialQuery, threshold: int, bound: Bound, trust: Trust, now: int
) -> _Found:
    doc_type = asked.types[0]
    wanted = mdoc.Asked(doc_type=doc_type, trust=trust.issuers, now=now, ages=(threshold,), skew=SKEW)
    response = mdoc_reading.read_device_response(jose.from_base64url(text))
    if len(response.documents) != 1 or response.status != 0:
        raise mdoc.OneDocument(documents=len(response.documents), status=response.status)
    document = response.documents[0]
    checked = mdoc.check_document(
        document, wanted, session_transcript=bound.transcript, reader_key=bound.reader_key
    )
    name_space = mdoc.NAME_SPACES[doc_type]
    names = [
        (space, item.element_identifier)
        for space, items in document.issuer_signed.name_spaces.items()
        for item in items
    ]
    # A document answers with the nearest age that it has (ISO/IEC 18013-5 7.2.5): one element about an age, no other.
    if len(names) > 1 or document.device_name_spaces != NOTHING_SIGNED_BY_DEVICE:
        raise dcql.AnswerTooMuch
    if names and (names[0][0] != name_space or mdoc.age_number(names[0][1]) is None):
        raise dcql.AnswerTooMuch
    over = checked.over.get(threshold)
    if over is None:
        raise dcql.AnswerIncomplete
    claims = {name_space: {wallet_asking.element(threshold): over}}
    return _Found(
        over,
        dcql.Presented(dcql.MDOC, checked.doc_type, claims, checked.device_bound),
        _speaker(cose.chain(document.issuer_signed.issuer_auth), doc_type, trust, now),
        checked.status,
    )


def _speaker(chain: Sequence[bytes], doc_type: str, trust: Trust, now: int) -> Speaker:
    purpose = x509.DOCUMENT_SIGNER
    signer = x509.check_chain(chain, trust.issuers, purpose=purpose, kind=doc_type, now=now, skew=SKEW)
    return Speaker(signer.key, signer.anchor, doc_type)


def _proof(
    text: str, asked: dcql.CredentialQuery, threshold: int, bound: Bound, trust: Trust, now: int
) -> _Found:
    """A proof hides which document it is about, and with it where its status stands: that cannot be asked."""
    (doc_type,) = asked.types
    document = mdoc_zk.read_zk_device_response(jose.from_base64url(text))
    task, over = mdoc_zk.task(
        document,
        doc_type=doc_type,
        age=threshold,
        trust=trust.issuers,
        now=now,
        session_transcript=bound.transcript,
        circuits=wallet_proofs.circuits(),
        skew=SKEW,
    )
    speaker = _speaker(document.chain, doc_type, trust, now)
    wallet_proofs.verify(task)
    claims = {mdoc.NAME_SPACES[doc_type]: {wallet_asking.element(threshold): over}}
    return _Found(over, dcql.Presented(dcql.MDOC_ZK, doc_type, claims, True), speaker, None)


def _sd_jwt(
    text: str, asked: dcql.CredentialQuery, threshold: int, bound: Bound, trust: Trust, now: int
) -> _Found:
    speakers: list[Speaker] = []
    held = sd_jwt_vc.verify(
        text,
        key_of=_key_of(trust, now, speakers),
        now=now,
        key_binding=KeyBinding(bound.nonce, bound.audience),
        vct=asked.types,
    )
    over = held.claims.get(wallet_asking.claim(threshold))
    if over is None:
        raise dcql.AnswerIncomplete
    if not isinstance(over, bool):
        raise mdoc.AgeMalformed
    return _Found(
        over,
        dcql.Presented(dcql.SD_JWT, held.vct, held.claims, held.key_bound, held.disclosed),
        speakers[-1],
        held.status,
    )


def _key_of(trust: Trust, now: int, speakers: list[Speaker]) -> KeyOf:
    """Who may have signed: a certificate that leads to a list, or a key of a list by its issuer's name."""

    def find(header: Mapping[str, Any], claims: Mapping[str, Any]) -> jose.PublicKey:
        kind, issuer = claims.get("vct"), claims.get("iss")
        if not isinstance(kind, str):
            raise sd_jwt_vc.WrongVct
        chain = sd_jwt_vc.certificates(header)
        if chain:
            signer = x509.check_chain(
                chain, trust.issuers, purpose=x509.ANY_SIGNER, kind=kind, now=now, skew=SKEW
            )
            key, anchor = signer.key, signer.anchor
            if anchor.issuers and issuer not in anchor.issuers:
                raise x509.NotForThis
        else:
            key, anchor = _by_name(trust, issuer, header.get("kid"))
            if not anchor.answers(kind):
                raise x509.NotForThis
            if not anchor.counts_at(now, SKEW):
                raise x509.OutOfTime
        if not isinstance(key, jose.PublicKey):
            raise jose.KeyRefused
        speakers.append(Speaker(key, anchor, kind))
        return key

    return find


def _by_name(trust: Trust, issuer: object, kid: object) -> tuple[x509.Key, x509.TrustAnchor]:
    """The bare key of this issuer; of several the one whose thumbprint is the `kid` (RFC 7638)."""
    named = [one for one in trust.issuers.anchors if one.certificate is None and issuer in one.issuers]
    if len(named) > 1:
        named = [one for one in named if _thumbprint(one.key) == kid]
    if len(named) != 1:
        raise x509.IssuerUnknown
    return named[0].key, named[0]


def _thumbprint(key: x509.Key) -> str | None:
    from cryptography.hazmat.primitives.asymmetric import ec

    if not isinstance(key, ec.EllipticCurvePublicKey):
        return None
    return jose.to_base64url(jose.thumbprint(jose.public_jwk(key)))
