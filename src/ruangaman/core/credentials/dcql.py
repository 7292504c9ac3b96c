"""
DCQL: the question to a wallet, read and written, and whether what came answers it.

Source: OpenID4VP 1.0 sections 6, 7 and B.2.3, B.3.5; for `mso_mdoc_zk`, which is no part of it, the request format of
google/longfellow-zk (ZkSystemSpec). Unknown properties are passed over, as section 6 demands.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from ruangaman.core.credentials import jose
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json

MDOC, MDOC_ZK, SD_JWT = "mso_mdoc", "mso_mdoc_zk", "dc+sd-jwt"
SUPPORTED = frozenset({MDOC, MDOC_ZK, SD_JWT})
MOST_BYTES = 32_768
MOST = 32
"""The most entries of each list: credentials, claims, sets, options, values, parts of a path."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")

Part = str | int | None
Path = tuple[Part, ...]
Place = tuple[str | int, ...]


class QueryMalformed(CredentialError):
    """A query that breaks the form; `field` names where."""

    code = "openid4vp.query-malformed"


class QueryTooLarge(CredentialError):
    """More of something than is looked at; `field` names what."""

    code = "openid4vp.query-too-large"


class DoctypeWithBlank(CredentialError):
    """A docType or namespace with blanks around it names another document than it seems to."""

    code = "openid4vp.query-doctype-blank"


class DoctypeNoString(CredentialError):
    """`doctype_value` is one string, no list (OpenID4VP 1.0 B.2.3)."""

    code = "openid4vp.query-doctype-no-string"


class ReferenceUnknown(CredentialError):
    """A set names an id that stands nowhere; `field` names the set."""

    code = "openid4vp.query-reference-unknown"


class IdRepeated(CredentialError):
    """One id stands twice."""

    code = "openid4vp.query-id-repeated"


class FormatUnsupported(CredentialError):
    """A presentation came in a format that is read in a query, but not verified here."""

    code = "openid4vp.format-unsupported"


class AnswerUnasked(CredentialError):
    """A presentation under an id that the query does not have."""

    code = "openid4vp.answer-unasked"


class AnswerMissing(CredentialError):
    """A credential that was required did not come."""

    code = "openid4vp.answer-missing"


class AnswerRepeated(CredentialError):
    """Several presentations where one was asked for, or an empty list of them."""

    code = "openid4vp.answer-repeated"


class AnswerOfOtherKind(CredentialError):
    """A credential of another format, docType or `vct` than the one that was asked for."""

    code = "openid4vp.answer-of-other-kind"


class AnswerIncomplete(CredentialError):
    """The claims that were asked for are not all there."""

    code = "openid4vp.answer-incomplete"


class AnswerValueOther(CredentialError):
    """A claim came with another value than the ones that were asked for."""

    code = "openid4vp.answer-value-other"


class AnswerNotBound(CredentialError):
    """The holder did not prove to have the credential's key."""

    code = "openid4vp.answer-not-bound"


class AnswerTooMuch(CredentialError):
    """The wallet disclosed a claim that nobody asked for (OpenID4VP 1.0 6.4)."""

    code = "openid4vp.answer-too-much"


@dataclass(frozen=True, slots=True)
class ClaimsQuery:
    """One claim: where it stands, and which values will do (None: any)."""

    path: Path
    id: str | None = None
    values: tuple[str | int | bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class TrustedAuthorities:
    """A wish to the wallet; trust itself is decided by our own lists."""

    type: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CredentialQuery:
    """One credential. `types` are the docType or the `vct`s that will do; empty: any, or a format we do not verify."""

    id: str
    format: str
    types: tuple[str, ...]
    claims: tuple[ClaimsQuery, ...] | None = None
    claim_sets: tuple[tuple[str, ...], ...] | None = None
    trusted_authorities: tuple[TrustedAuthorities, ...] = ()
    multiple: bool = False
    require_cryptographic_holder_binding: bool = True

    @property
    def supported(self) -> bool:
        return self.format in SUPPORTED


@dataclass(frozen=True, slots=True)
class CredentialSetQuery:
    """Any one of the options will do; each is a set of ids of credential queries."""

    options: tuple[tuple[str, ...], ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Query:
    credentials: tuple[CredentialQuery, ...]
    credential_sets: tuple[CredentialSetQuery, ...] | None = None

    @property
    def unsupported(self) -> tuple[str, ...]:
        """The formats that are asked for and not verified here, each once, in order."""
        return tuple(dict.fromkeys(one.format for one in self.credentials if not one.supported))


@dataclass(frozen=True, slots=True)
class Presented:
    """
    One presentation after its own verification.

    `type` is the docType or `vct`; `claims` for an mdoc are namespace -> element -> value as JSON; `disclosed` are the
    paths that the holder chose to show (for an mdoc every element, None means just that); `holder_bound` says whether
    the holder proved its key.
    """

    format: str
    type: str
    claims: Mapping[str, Json]
    holder_bound: bool
    disclosed: Collection[Place] | None = None


def read_text(raw: bytes) -> Query:
    """A query from JSON text; the errors of `jose.read_json` besides those of `read`."""
    return read(jose.read_json(raw, MOST_BYTES))


def read(told: Json) -> Query:
    """
    A query from JSON values.

    Raises:
        QueryMalformed, QueryTooLarge, DoctypeWithBlank, DoctypeNoString, ReferenceUnknown, IdRepeated.
    """
    if type(told) is not dict:
        _malformed("dcql_query")
    credentials = tuple(_credential(one) for one in _list(told, "credentials"))
    ids = {one.id for one in credentials}
    if len(ids) != len(credentials):
        raise IdRepeated(field="credentials")
    sets = None
    if "credential_sets" in told:
        sets = tuple(_credential_set(one, ids) for one in _list(told, "credential_sets"))
    return Query(credentials, sets)


def one_claim(id_: str, format_: str, types: Sequence[str], path: Sequence[Part]) -> dict[str, Json]:
    """The `dcql_query` for one claim of one credential, checked by our own reader.

    Raises:
        QueryMalformed and the others of `read`: the arguments make no query.
    """
    if format_ == MDOC:
        meta: dict[str, Json] = {"doctype_value": types[0] if len(types) == 1 else list(types)}
    else:
        meta = {"vct_values": list(types)}
    return _one(id_, format_, meta, path)


def one_proof(
    id_: str, doc_type: str, path: Sequence[Part], systems: Sequence[Mapping[str, Json]]
) -> dict[str, Json]:
    """The `dcql_query` for a zero-knowledge proof of one claim, checked by our own reader.

    Args:
        systems: what will do, each with `system`, an `id` that the answer repeats, and its parameters.

    Raises:
        QueryMalformed and the others of `read`: the arguments make no query.
    """
    return _one(id_, MDOC_ZK, {"doctype_value": doc_type, "zk_system_type": list(map(dict, systems))}, path)


def _one(id_: str, format_: str, meta: dict[str, Json], path: Sequence[Part]) -> dict[str, Json]:
    claims = [{"path": list(path)}]
    told: dict[str, Json] = {"credentials": [{"id": id_, "format": format_, "meta": meta, "claims": claims}]}
    read(told)
    return told


def _malformed(field: str) -> NoReturn:
    raise QueryMalformed(field=field)


def _list(told: Mapping[str, Json], name: str, field: str | None = None) -> list[Json]:
    value, field = told.get(name), field or name
    if type(value) is not list or not value:
        _malformed(field)
    if len(value) > MOST:
        raise QueryTooLarge(field=field, most=MOST)
    return value


def _strings(value: Json, field: str) -> tuple[str, ...]:
    """A list of strings, not empty and none of them empty."""
    if type(value) is not list or not value or not all(isinstance(one, str) and one for one in value):
        _malformed(field)
    if len(value) > MOST:
        raise QueryTooLarge(field=field, most=MOST)
    return tuple(value)


def _yes_no(told: Mapping[str, Json], name: str, default: bool) -> bool:
    value = told.get(name, default)
    if not isinstance(value, bool):
        _malformed(name)
    return value


def _id(value: Json, field: str) -> str:
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        _malformed(field)
    return value


def _credential(told: Json) -> CredentialQuery:
    if type(told) is not dict:
        _malformed("credentials")
    id_, format_, meta = _id(told.get("id"), "credentials.id"), told.get("format"), told.get("meta")
    if not isinstance(format_, str) or not format_:
        _malformed("format")
    if type(meta) is not dict:
        _malformed("meta")
    types, claims = _types(meta, format_), None
    if "claims" in told:
        claims = tuple(_claim(one, format_) for one in _list(told, "claims"))
        _check_claims(claims)
    return CredentialQuery(
        id=id_,
        format=format_,
        types=types,
        claims=claims,
        claim_sets=_claim_sets(told, claims),
        trusted_authorities=_authorities(told),
        multiple=_yes_no(told, "multiple", False),
        require_cryptographic_holder_binding=_yes_no(told, "require_cryptographic_holder_binding", True),
    )


def _types(meta: Mapping[str, Json], format_: str) -> tuple[str, ...]:
    """`doctype_value` is required for an mdoc (B.2.3), `vct_values` for an SD-JWT VC (B.3.5)."""
    if format_ == MDOC_ZK:
        _check_systems(meta)
    if format_ in (MDOC, MDOC_ZK):
        doctype = meta.get("doctype_value")
        if isinstance(doctype, list):
            raise DoctypeNoString
        if not isinstance(doctype, str) or not doctype:
            _malformed("meta.doctype_value")
        _check_blanks(doctype)
        return (doctype,)
    if format_ == SD_JWT:
        return _strings(meta.get("vct_values"), "meta.vct_values")
    return ()


def _check_systems(meta: Mapping[str, Json]) -> None:
    """A list of ways to prove, each with its system's name and an id of its own."""
    ids: list[str] = []
    for one in _list(meta, "zk_system_type", "meta.zk_system_type"):
        if type(one) is not dict:
            _malformed("meta.zk_system_type")
        ids += _strings([one.get("system"), one.get("id")], "meta.zk_system_type")[1:]
    if len(set(ids)) != len(ids):
        raise IdRepeated(field="meta.zk_system_type")


def _check_blanks(name: str) -> None:
    if name != name.strip():
        raise DoctypeWithBlank


def _claim(told: Json, format_: str) -> ClaimsQuery:
    if type(told) is not dict:
        _malformed("claims")
    path = _list(told, "path", "claims.path")
    if not all(_is_part(part) for part in path):
        _malformed("claims.path")
    if format_ in (MDOC, MDOC_ZK):  # namespace and element, and nothing else (section 7.2)
        if len(path) != 2 or not all(isinstance(part, str) and part for part in path):
            _malformed("claims.path")
        for part in path:
            _check_blanks(part)
    values = None
    if "values" in told:
        values = tuple(_list(told, "values", "claims.values"))
        if not all(isinstance(one, str | int) for one in values):
            _malformed("claims.values")
    id_ = _id(told["id"], "claims.id") if "id" in told else None
    return ClaimsQuery(tuple(path), id_, values)


def _is_part(part: Json) -> bool:
    return part is None or isinstance(part, str) or (type(part) is int and 0 <= part < 65_536)


def _check_claims(claims: tuple[ClaimsQuery, ...]) -> None:
    ids = [one.id for one in claims if one.id is not None]
    if len(set(ids)) != len(ids):
        raise IdRepeated(field="claims")
    asked = [(one.path, one.values) for one in claims]
    # The same path with other values is how a verifier says "this value or that" (section 6.4.1 with ids).
    if len(set(map(repr, asked))) != len(asked):
        raise IdRepeated(field="claims.path")


def _claim_sets(
    told: Mapping[str, Json], claims: tuple[ClaimsQuery, ...] | None
) -> tuple[tuple[str, ...], ...] | None:
    if "claim_sets" not in told:
        return None
    if claims is None:
        _malformed("claim_sets")
    if any(one.id is None for one in claims):
        _malformed("claims.id")
    ids = {one.id for one in claims}
    sets = tuple(_strings(one, "claim_sets") for one in _list(told, "claim_sets"))
    if any(name not in ids for one in sets for name in one):
        raise ReferenceUnknown(field="claim_sets")
    return sets


def _authorities(told: Mapping[str, Json]) -> tuple[TrustedAuthorities, ...]:
    if "trusted_authorities" not in told:
        return ()
    found = []
    for one in _list(told, "trusted_authorities"):
        kind = one.get("type") if type(one) is dict else None
        if not isinstance(kind, str) or not kind:
            _malformed("trusted_authorities.type")
        found.append(TrustedAuthorities(kind, _strings(one.get("values"), "trusted_authorities.values")))
    return tuple(found)


def _credential_set(told: Json, ids: Collection[str]) -> CredentialSetQuery:
    if type(told) is not dict:
        _malformed("credential_sets")
    options = tuple(_strings(one, "credential_sets.options") for one in _list(told, "options"))
    if any(name not in ids for one in options for name in one):
        raise ReferenceUnknown(field="credential_sets")
    return CredentialSetQuery(options, _yes_no(told, "required", True))


def select(claims: Mapping[str, Json], path: Path) -> list[Json]:
    """
    What a claims path pointer names (section 7.1): a string goes into an object, a number or null into an array.

    Returns:
        The values, empty where the path leads nowhere.
    """
    found: list[Json] = [claims]
    for part in path:
        nearer: list[Json] = []
        for node in found:
            if isinstance(part, str):
                if not isinstance(node, Mapping):
                    return []
                nearer += [node[part]] if part in node else []
            elif not isinstance(node, list):
                return []
            elif part is None:
                nearer += node
            else:
                nearer += node[part : part + 1]
        found = nearer
    return found


def check(query: Query, came: Mapping[str, Sequence[Presented]]) -> None:
    """
    Whether what came satisfies what was asked: kinds, claims, values, sets, number, holder binding, and no more.

    Values are checked here again, for a wallet may pass over them (section 6.4.1: no security rests on the wallet).

    Args:
        came: id of the credential query -> its presentations, each verified by itself before.

    Raises:
        AnswerUnasked, AnswerRepeated, AnswerOfOtherKind, AnswerIncomplete, AnswerValueOther, AnswerNotBound,
        AnswerTooMuch, AnswerMissing, FormatUnsupported.
    """
    asked = {one.id: one for one in query.credentials}
    for id_, presentations in came.items():
        if id_ not in asked:
            raise AnswerUnasked
        one = asked[id_]
        if not presentations or (len(presentations) > 1 and not one.multiple):
            raise AnswerRepeated
        for presentation in presentations:
            check_one(one, presentation)
    if query.credential_sets is None:
        if asked.keys() - came.keys():
            raise AnswerMissing
        return
    for needed in query.credential_sets:
        if needed.required and not any(came.keys() >= set(option) for option in needed.options):
            raise AnswerMissing
    optional = {id_ for one in query.credential_sets for option in one.options for id_ in option}
    if came.keys() - optional:
        raise AnswerUnasked


def check_one(one: CredentialQuery, came: Presented) -> None:
    """One presentation against its credential query; raises as `check`."""
    if not one.supported:
        raise FormatUnsupported
    if came.format != one.format or came.type not in one.types:
        raise AnswerOfOtherKind
    if one.require_cryptographic_holder_binding and not came.holder_bound:
        raise AnswerNotBound
    claims = one.claims or ()
    options: list[list[ClaimsQuery]] = [list(claims)]
    if one.claim_sets is not None:
        named = {claim.id: claim for claim in claims}
        options = [[named[id_] for id_ in option] for option in one.claim_sets]
    missing: CredentialError | None = None
    for option in options:
        wrong = _unmet(option, came.claims)
        if wrong is None:
            _check_no_more(option, came)
            return
        missing = missing or wrong
    raise missing or AnswerIncomplete


def _unmet(option: Sequence[ClaimsQuery], claims: Mapping[str, Json]) -> CredentialError | None:
    for claim in option:
        found = select(claims, claim.path)
        if not found:
            return AnswerIncomplete()
        if claim.values is not None and not any(
            _equal(one, value) for one in found for value in claim.values
        ):
            return AnswerValueOther()
    return None


def _equal(one: Json, value: Json) -> bool:
    """Type and value both (section 6.3): true is not 1."""
    return type(one) is type(value) and one == value


def _check_no_more(option: Sequence[ClaimsQuery], came: Presented) -> None:
    """A disclosed claim lies on the way to one that was asked for, or inside it; else it is too much."""
    places: Collection[Place] | None = came.disclosed
    if places is None:
        places = [
            place
            for space, told in came.claims.items()
            for place in ([(space, name) for name in told] if isinstance(told, Mapping) else [(space,)])
        ]
    for place in places:
        if not any(all(map(_fits, place, claim.path)) for claim in option):
            raise AnswerTooMuch


def _fits(place: str | int, part: Part) -> bool:
    return place == part if part is not None else isinstance(place, int)
