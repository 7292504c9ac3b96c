"""SD-JWT (RFC 9901): the RFC's own examples, SD-JWTs that must be refused, and the reference implementation's cases."""

import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import yaml

from ruangaman.core.credentials import jose, sd_jwt
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.sd_jwt import KeyBinding, SdJwt
from ruangaman.core.credentials.sd_jwt_issuing import Concealed, issue
from tests.sd_jwt_wallet import as_json, choose, private_key, prove
from tests.vectors.outcome import Differs, Outcome, not_covered, passed, same

CARRIED = Path(__file__).resolve().parents[1] / "data" / "rfc9901-sd-jwt" / "testcase-specs" / "settings.yml"
TYP = "example+sd-jwt"


class _Loader(yaml.SafeLoader):
    """YAML with `!sd` on what the holder may keep to itself; quoted text stays text."""


class _Marked:
    """A key or a value that carries `!sd`; hashable, as it may be a key."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return hash(str(self.value))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Marked) and self.value == other.value


def _marked(loader: yaml.SafeLoader, node: yaml.Node) -> _Marked:
    if isinstance(node, yaml.ScalarNode):
        tag = "tag:yaml.org,2002:str"
        if node.style is None:
            tag = loader.resolve(yaml.ScalarNode, node.value, (True, False))
        plain: Any = yaml.ScalarNode(tag, node.value, node.start_mark, node.end_mark, style=node.style)
    elif isinstance(node, yaml.MappingNode):
        plain = yaml.MappingNode("tag:yaml.org,2002:map", node.value, node.start_mark, node.end_mark)
    else:
        plain = yaml.SequenceNode("tag:yaml.org,2002:seq", node.value, node.start_mark, node.end_mark)
    return _Marked(loader.construct_object(plain, deep=True))


_Loader.add_constructor("!sd", _marked)


def load(text: str) -> Any:
    return yaml.load(text, _Loader)  # a subclass of SafeLoader


def claims_of(node: Any) -> Any:
    """The marks of the YAML as marks of our issuer."""
    if isinstance(node, _Marked):
        return Concealed(claims_of(node.value))
    if isinstance(node, dict):
        return {
            name.value if isinstance(name, _Marked) else name: (
                Concealed(claims_of(value)) if isinstance(name, _Marked) else claims_of(value)
            )
            for name, value in node.items()
        }
    return [claims_of(one) for one in node] if isinstance(node, list) else node


def _shown(node: Any, chosen: Any) -> Any:
    """What a verifier sees where a case does not say it: what is plain, and of what is marked what was chosen."""
    if isinstance(node, _Marked):
        return _shown(node.value, chosen)
    if isinstance(node, dict):
        seen = {}
        for name, value in node.items():
            plain = name.value if isinstance(name, _Marked) else name
            below = chosen.get(plain) if isinstance(chosen, dict) else None
            if below or not isinstance(name, _Marked):
                seen[plain] = _shown(value, below)
        return seen
    if isinstance(node, list):
        below = [
            chosen[at] if isinstance(chosen, list) and at < len(chosen) else None for at in range(len(node))
        ]
        return [
            _shown(one, sub)
            for one, sub in zip(node, below, strict=True)
            if sub or not isinstance(one, _Marked)
        ]
    return node


def settings_for(file: Path) -> dict[str, Any]:
    """`settings.yml` beside the file or up to two folders above, else the one that we carry."""
    near = [
        folder / name
        for folder in file.parents[:3]
        for name in ("settings.yml", "testcase-specs/settings.yml")
    ]
    for one in (*near, CARRIED):
        if one.is_file():
            found = load(one.read_text(encoding="utf-8"))
            if isinstance(found, dict) and "key_settings" in found:
                return found
    raise Differs("no settings.yml with keys")


def check(file: Path) -> Outcome:
    text = file.read_text(encoding="utf-8")
    if file.suffix in (".yml", ".yaml"):
        told = load(text)
        if isinstance(told, dict) and "user_claims" in told:
            return check_case(told, settings_for(file))
        if isinstance(told, dict) and "key_settings" in told:
            return _settings(told)
        return not_covered("YAML that is neither a test case nor settings")
    told = json.loads(text)
    if isinstance(told, dict) and "sd_jwt" in told and "expected_payload_after_processing" in told:
        return _example(told, settings_for(file))
    if isinstance(told, dict) and "tokens" in told:
        return _must_be_refused(told)
    return not_covered("neither an SD-JWT with its payload nor SD-JWTs to refuse")


def _settings(told: dict[str, Any]) -> Outcome:
    keys = [*told["key_settings"]["issuer_keys"], told["key_settings"]["holder_key"]]
    for jwk in keys:
        public = {name: value for name, value in jwk.items() if name != "d"}
        jose.public_key(public, alg=jose.ES256)
        same("public part of the private key", jose.public_jwk(private_key(jwk).public_key())["x"], jwk["x"])
        try:
            jose.public_key(dict(jwk))
        except jose.KeyRefused:
            continue
        raise Differs("a JWK with its private part was read as a public key")
    return passed(f"{len(keys)} keys read")


def _example(told: dict[str, Any], settings: dict[str, Any]) -> Outcome:
    """An example of the RFC, at a time at which it is valid, under the RFC's issuer key (A.5)."""
    held = sd_jwt.read(told["sd_jwt"])
    issued = jose.read_jws(held.issuer_jwt, typ=None)
    payload = issued.claims()
    processed = sd_jwt.process(payload, held.disclosures)
    same("processed payload", processed.claims, told["expected_payload_after_processing"])
    keys = [_public(jwk) for jwk in settings["key_settings"]["issuer_keys"]]
    if payload.get("cnf", {}).get("jwk"):
        keys.append(jose.public_key(payload["cnf"]["jwk"]))
    for key in keys[: len(settings["key_settings"]["issuer_keys"])]:
        try:
            jose.verify(issued, key)
        except jose.SignatureWrong:
            continue
        break
    else:
        raise Differs("the signature fits none of the published issuer keys")
    said = "signature under the published issuer key, payload equal"
    binding, now = None, int(payload.get("iat", payload.get("nbf", 1_750_000_000)))
    if held.kb_jwt is not None:
        proof = jose.read_jws(held.kb_jwt, typ={"kb+jwt"}).claims()
        binding, now = KeyBinding(proof["nonce"], proof["aud"]), proof["iat"]
        said += ", holder's proof holds"
    verified = sd_jwt.verify(
        held, key_of=lambda *_: key, now=now, key_binding=binding, typ=None, aud=payload.get("aud")
    )
    same("verified payload", verified.claims, told["expected_payload_after_processing"])
    return passed(said)


def _must_be_refused(told: dict[str, Any]) -> Outcome:
    """The rule apart from the signature, which is a dummy in these; the reason must be the one that is written."""
    reason = str(told.get("expected", "")).lower()
    expected = next((kind for words, kind in REASONS if all(word in reason for word in words)), None)
    if "reject" not in reason and expected is None:
        return not_covered(f"expectation not understood: {told.get('expected')}")
    told_codes = set()
    for name, token in told["tokens"].items():
        try:
            held = sd_jwt.read(token if "~" in token else f"{token}~")
            payload = jose.read_jws(held.issuer_jwt, typ=None).claims()
            extra = (held.kb_jwt,) if held.kb_jwt and "." not in held.kb_jwt else ()
            sd_jwt.process(payload, (*held.disclosures, *extra))
        except CredentialError as refused:
            if expected is not None and not isinstance(refused, expected):
                raise Differs(f"{name}: refused as {refused.code} instead of {expected.code}") from None
            told_codes.add(refused.code)
        else:
            raise Differs(f"{name}: taken, and it must be refused")
    return passed(f"{len(told['tokens'])} refused by the rule itself: {', '.join(sorted(told_codes))}")


REASONS: list[tuple[tuple[str, ...], type[CredentialError]]] = [
    (("duplicate", "digest"), sd_jwt.DigestRepeated),
    (("repeat", "digest"), sd_jwt.DigestRepeated),
    (("not", "referenced"), sd_jwt.DisclosureUnreferenced),
    (("unreferenced",), sd_jwt.DisclosureUnreferenced),
]


def _public(jwk: dict[str, Any]) -> jose.PublicKey:
    return jose.public_key({name: value for name, value in jwk.items() if name != "d"})


def check_case(case: dict[str, Any], settings: dict[str, Any]) -> Outcome:
    """Issue, show and verify one case; in the form it asks for, and in the other two as well."""
    keys = {**settings["key_settings"], **case.get("settings_override", {}).get("key_settings", {})}
    override = case.get("settings_override", {})
    issuer_keys = override.get("issuer_keys", keys["issuer_keys"])
    names, wanted_form = settings["identifiers"], case.get("serialization_format", "compact")
    binding = (
        KeyBinding(settings["key_binding_nonce"], names["verifier"]) if case.get("key_binding") else None
    )
    holder = keys["holder_key"]
    claims = claims_of(case["user_claims"])
    whole = {"iss": names["issuer"], "iat": settings["iat"], "exp": settings["exp"]} | claims
    extra = case.get("extra_header_parameters") or {}
    header = {"typ": TYP} | {name: value for name, value in extra.items() if name != "alg"}
    expected = {"iss": names["issuer"], "iat": settings["iat"], "exp": settings["exp"]}
    told = case.get("expect_verified_user_claims")
    expected |= _shown(case["user_claims"], case.get("holder_disclosed_claims")) if told is None else told
    public = {name: holder[name] for name in ("kty", "crv", "x", "y")}
    if binding is not None:
        expected["cnf"] = {"jwk": public}
    private = [private_key(jwk) for jwk in issuer_keys]
    typ = {jose.media_type(header["typ"])}
    for decoys, algorithm in itertools.product({0, 3 if case.get("add_decoy_claims") else 1}, sd_jwt.HASHES):
        issued = issue(
            whole,
            key=private[0],
            header=header,
            draw=_draws(),
            holder=public if binding is not None else None,
            decoys=decoys,
            algorithm=algorithm,
        )
        shown = choose(issued, case.get("holder_disclosed_claims"))
        if binding is not None:
            shown = prove(
                shown, private_key(holder), nonce=binding.nonce, aud=binding.aud, now=settings["iat"]
            )
        payload = jose.from_base64url(shown.issuer_jwt.split(".")[1])
        further = tuple(jose.sign(header | {"kid": "further"}, payload, key) for key in private[1:])
        several = SdJwt(shown.issuer_jwt, shown.disclosures, shown.kb_jwt, further)

        def key_of(head: Any, _: Any) -> jose.PublicKey:
            return private[1 if head.get("kid") == "further" else 0].public_key()

        for sent in (shown.compact, as_json(shown, general=False), as_json(several, general=True)):
            found = sd_jwt.verify(sent, key_of=key_of, now=settings["iat"], key_binding=binding, typ=typ)
            same("verified claims", found.claims, expected)
            for name, value in extra.items():
                same(f"header {name}", found.header.get(name), "ES256" if name == "alg" else value)
    bound = ", key bound" if binding is not None else ""
    return passed(
        f"issued, shown and verified in compact, flattened and general form (asked: {wanted_form}{bound}),"
        " with and without decoys, sha-256, -384 and -512"
    )


def _draws() -> Any:
    """Salts from a counter: the same in each run, never the same twice in one."""
    count = itertools.count()
    return lambda size: hashlib.shake_256(next(count).to_bytes(8, "big")).digest(size)


CHECKS = {"rfc9901-sd-jwt": check}
