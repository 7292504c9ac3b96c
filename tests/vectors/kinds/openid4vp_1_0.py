"""OpenID4VP 1.0: the specification's own examples. What a file is, is told by what stands in it."""

import itertools
import json
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import dcql, jose, openid4vp, openid4vp_answer, sd_jwt, sd_jwt_vc
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.sd_jwt import KeyBinding, SdJwt
from ruangaman.core.credentials.sd_jwt_issuing import Concealed, issue
from tests.vectors.kinds import eu_av, rfc9901_sd_jwt
from tests.vectors.outcome import Differs, Outcome, not_covered, passed, same

QUERY = dcql.one_claim("age", "dc+sd-jwt", ["https://aman.example/vct/umur/1"], ["age_over_16"])
FOREIGN = {"jwt_vc_json", "jwt_vp_json", "ldp_vc", "ldp_vp", "ac_vc", "ac_vp", "vc+sd-jwt"}
"""Credential formats of OpenID4VP and its drafts that are named in a query and not verified here."""
_REGISTERED = {"iss", "iat", "exp", "nbf", "aud", "cnf", "vct", "status", "sub", "jti"}


def filled(text: str) -> tuple[str, str]:
    """Examples leave parts out as `{...}`: put a valid query where one belongs and nothing elsewhere, and say so."""
    query = re.compile(r'("dcql_query"\s*:\s*)\{\s*\.\.\.\s*\}')
    told, queries = query.subn(lambda found: found[1] + json.dumps(QUERY), text)
    told, objects = re.subn(r"\{\s*\.\.\.\s*\}", "{}", told)
    told, lists = re.subn(r"\[\s*\.\.\.\s*\]", "[]", told)
    said = "; a query put where the source has {...}" if queries else ""
    return told, said + ("; other parts are left out in the source" if objects + lists else "")


def check(file: Path) -> Outcome:
    text = re.sub(r"^\s*[`~]{3}.*$", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE).strip()
    if file.suffix in (".yml", ".yaml"):
        case = rfc9901_sd_jwt.load(text)
        if isinstance(case, dict) and "user_claims" in case:
            return rfc9901_sd_jwt.check_case(case, rfc9901_sd_jwt.settings_for(file))
        return not_covered("YAML that is no test case")
    if text[:1] in ("{", "[") and ("…" in text or re.search(r'"vp_token"\s*:\s*[{[]\s*\.\.\.', text)):
        return not_covered("what matters is left out in the source")
    if text.lstrip()[:1] in ("{", "["):
        whole, said = filled(text)
        came = check_json(jose.read_json(whole.encode()), file)
        return Outcome(came.state, came.detail + said)
    if "Disclosure:" in text:
        return disclosures(text)
    if re.match(r"POST ", text) and re.search(r"^\s*(vp_token|response)=", text, re.MULTILINE):
        content = re.split(r"\n\s*\n", text, maxsplit=1)[1]
        return eu_av.posted(openid4vp.read_form("".join(content.split())), content)
    if re.match(r"HTTP/", text):
        content = re.split(r"\n\s*\n", text, maxsplit=1)[-1].strip()
        if content[:1] == "{":
            return check_json(jose.read_json(content.encode()), file)
    if re.match(r"(GET|POST) ", text.lstrip()) or "response_type=" in text:
        return request_line(text)
    joined = "".join(text.split())
    if re.fullmatch(r"[A-Za-z0-9_.~-]+", joined) and joined.count(".") >= 2:
        return token(joined, file)
    return not_covered("prose, or an example with nothing to check")


def check_json(told: Any, file: Path) -> Outcome:
    if not isinstance(told, dict):
        return not_covered("no JSON object")
    if "credentials" in told:
        return query(told)
    if "response_type" in told or "dcql_query" in told:
        return request(told)
    if "requests" in told or "digital" in told:
        return browser_requests(told)
    if "signatures" in told and "payload" in told:
        return several_signatures(told)
    if isinstance(told.get("request"), str):
        return signed(told["request"])
    if "vp_formats_supported" in told:
        metadata = openid4vp.read_metadata(told)
        return passed(f"client metadata read: {', '.join(metadata.formats)}")
    if "vp_token" in told or "error" in told or isinstance(told.get("response"), str):
        return answer(told)
    if "alg" in told and ("typ" in told or "kid" in told):
        jose.check_header(told, typ={jose.media_type(told.get("typ"))})
        known = {openid4vp.REQUEST_TYP, "kb+jwt", *sd_jwt_vc.TYP}
        if jose.media_type(told.get("typ")) not in known:
            return not_covered(f"header of a format that is not spoken here: {told.get('typ')}")
        return passed(f"header of a JWS taken: {told['typ']}, {told['alg']}")
    if "sd_hash" in told:
        return key_binding(told, file)
    if "vc" in told or "vp" in told or "@context" in told or "cred_def_id" in told:
        return foreign(told)
    if "vct" in told or '"_sd"' in json.dumps(told):
        return payload(told, file)
    if set(told) == {"redirect_uri"}:
        where = urlsplit(told["redirect_uri"])
        same("an address of the verifier", (where.scheme, bool(where.hostname)), ("https", True))
        return passed("where the wallet sends its browser back to")
    if told and all(isinstance(one, list) and one for one in told.values()):
        openid4vp_answer.read_vp_token(told)
        return passed("a vp_token read")
    return not_covered("an object that belongs to no kind spoken here")


def query(told: dict[str, Any]) -> Outcome:
    """Read; an answer that is made to fit passes, and one that lacks what was asked is refused."""
    read = dcql.read(told)
    same("queries", [one.id for one in read.credentials], [one["id"] for one in told["credentials"]])
    if not FOREIGN.issuperset(read.unsupported):
        return not_covered(f"a query of formats that nobody names: {', '.join(read.unsupported)}")
    if read.unsupported:
        return passed(f"query read; named as not verified here: {', '.join(read.unsupported)}")
    fits = {one.id: [made_to_fit(one)] for one in read.credentials}
    for wanted in needed(read):
        dcql.check(read, {id_: fits[id_] for id_ in wanted})
        for id_ in wanted:
            refused(read, {other: fits[other] for other in wanted if other != id_}, dcql.AnswerMissing, read)
    for one in read.credentials:
        bare = dcql.Presented(one.format, one.types[0], {}, True, ())
        if one.claims:
            refused_one(one, bare)
        refused_one(one, dcql.Presented(one.format, "something else", {}, True, ()))
    return passed(f"query read ({len(read.credentials)} credentials); fitting answers taken, others refused")


def needed(read: dcql.Query) -> list[set[str]]:
    """Every smallest set of ids that satisfies the query."""
    if read.credential_sets is None:
        return [{one.id for one in read.credentials}]
    required = [one.options for one in read.credential_sets if one.required]
    return [set().union(*map(set, pick)) for pick in itertools.product(*required)]


def made_to_fit(one: dcql.CredentialQuery) -> dcql.Presented:
    claims: dict[str, Any] = {}
    wanted = one.claims or ()
    if one.claim_sets is not None:
        wanted = [claim for claim in wanted if claim.id in one.claim_sets[-1]]
    for claim in wanted:
        place(claims, claim.path, claim.values[-1] if claim.values else "x")
    shown = [tuple(0 if part is None else part for part in claim.path) for claim in wanted]
    return dcql.Presented(one.format, one.types[0], claims, True, shown)


def place(node: Any, path: dcql.Path, value: Any) -> None:
    """Put a value where a claims path pointer leads."""
    part, rest = path[0], path[1:]
    below: Any = value if not rest else {} if isinstance(rest[0], str) else []
    if isinstance(part, str):
        node[part] = node.get(part, below) if rest else below
        below = node[part]
    else:
        while len(node) <= (part or 0):
            node.append(below)
        below = node[part or 0]
    if rest:
        place(below, rest, value)


def refused(read: dcql.Query, came: dict[str, Any], kind: type[Exception], _: Any) -> None:
    if any(came.keys() >= wanted for wanted in needed(read)):
        return
    try:
        dcql.check(read, came)
    except kind:
        return
    raise Differs("an answer that lacks a credential was taken")


def refused_one(one: dcql.CredentialQuery, came: dcql.Presented) -> None:
    try:
        dcql.check_one(one, came)
    except (dcql.AnswerIncomplete, dcql.AnswerOfOtherKind):
        return
    raise Differs(f"an answer that does not fit {one.id} was taken")


def foreign(told: dict[str, Any]) -> Outcome:
    """A W3C or AnonCreds credential or presentation: refused under its own format, and in the clothes of ours."""
    kind = "ldp_vc" if "@context" in told else "ac_vp" if "cred_def_id" in told else "jwt_vc_json"
    asked = {"id": "one", "format": kind, "meta": {}}
    read = dcql.read({"credentials": [asked]})
    try:
        dcql.check(read, {"one": [dcql.Presented(kind, "IDCredential", told, True)]})
    except dcql.FormatUnsupported as refusal:
        code = refusal.code
    else:
        raise Differs(f"{kind} was taken")
    key = ec.generate_private_key(ec.SECP256R1())
    for typ in ("JWT", "dc+sd-jwt"):
        held = SdJwt(jose.sign({"typ": typ}, jose.write_json(told), key), (), None)
        try:
            sd_jwt_vc.verify(
                held, key_of=lambda *_: key.public_key(), now=1_750_000_000, key_binding=None, vct=None
            )
        except CredentialError:
            continue
        raise Differs(f"taken as an SD-JWT VC under typ {typ}")
    return passed(f"{kind}, which is not verified here, refused as {code}, and as an SD-JWT VC too")


def request(told: dict[str, Any]) -> Outcome:
    """Read as what it is; a signed one is also signed by us, read back and compared."""
    client = str(told.get("client_id", ""))
    as_signed = bool(client) and not client.startswith("redirect_uri:")
    read = openid4vp.read_request(told, signed=as_signed)
    said = f"request read: {read.response_mode}"
    if read.client_id is None:
        return passed(f"{said}, without client_id (each signature names its own)")
    if as_signed:
        key = ec.generate_private_key(ec.SECP256R1())
        again = openid4vp.read_signed_request(
            openid4vp.sign_request(told, key, kid="1"), lambda *_: key.public_key()
        )
        same("request after signing", again, read)
        said += ", signed by us and read back"
    return passed(f"{said}, {read.client_id.prefix.value or 'pre-registered'}")


def request_line(text: str) -> Outcome:
    """A request as a link, broken into lines for reading."""
    joined = "".join(line.strip() for line in text.splitlines())
    whole = re.sub(r"\s*HTTP/1\.1.*$", "", joined)
    body = whole.partition("?")[2] or whole
    if "response_type=vp_token" not in body:
        return not_covered("an HTTP message that is no OpenID4VP request")
    if "request_uri=" in body:
        client = openid4vp.read_client_id(openid4vp.read_form(body)["client_id"])
        return passed(f"link to a request object read: {client.prefix.value or 'pre-registered'}")
    if re.search(r"dcql_query=(\.\.\.|%7B\.\.\.%7D|\{\.\.\.\})", body):
        body = re.sub(r"dcql_query=[^&]*", "dcql_query=" + json.dumps(QUERY).replace(" ", ""), body)
    read = openid4vp.read_request_link(body)
    return passed(f"request read from a link: {read.response_mode}")


def browser_requests(told: dict[str, Any]) -> Outcome:
    said = []
    for one in (told.get("digital") or told).get("requests", ()):
        protocol, data = one.get("protocol", ""), one.get("data", {})
        if not protocol.startswith("openid4vp"):
            return not_covered(f"protocol {protocol}")
        came = signed(data["request"]) if isinstance(data.get("request"), str) else check_json(data, Path())
        if came.state != "pass":
            return came
        said.append(f"{protocol}: {came.detail}")
    return passed("; ".join(said)) if said else not_covered("no requests in it")


def signed(text: str) -> Outcome:
    if "..." in text:
        return not_covered("a signed request that the source cuts short")
    jws = jose.read_jws(text, typ={openid4vp.REQUEST_TYP})
    return request(jws.claims())


def several_signatures(told: dict[str, Any]) -> Outcome:
    cut = [one for one in (told["payload"], *map(str, told["signatures"])) if "..." in str(one)]
    if cut:
        return not_covered("a request with several signatures, cut short in the source")
    for one in told["signatures"]:
        jose.read_jws(f"{one['protected']}.{told['payload']}.{one['signature']}", typ={openid4vp.REQUEST_TYP})
    return request(jose.read_json_object(jose.from_base64url(told["payload"])))


def answer(told: dict[str, Any]) -> Outcome:
    if "..." in json.dumps(told) and "vp_token" in told:
        openid4vp_answer.read_vp_token(told["vp_token"])
        return passed("answer read; its presentations are cut short in the source")
    if isinstance(told.get("response"), str):
        if "..." in told["response"]:
            return not_covered("an encrypted answer that the source cuts short")
        return not_covered("an encrypted answer without the key that opens it")
    try:
        openid4vp_answer.read_browser(told)
    except openid4vp_answer.WalletRefused as refusal:
        same("error", refusal.facts["error"], told["error"])
        return passed(f"the wallet's error read: {told['error']}")
    return passed("answer read")


def published(file: Path) -> tuple[jose.PublicKey, jose.PublicKey]:
    """Issuer and holder of the examples: the specification uses the keys of RFC 9901."""
    keys = rfc9901_sd_jwt.settings_for(file)["key_settings"]
    return tuple(
        jose.public_key({name: value for name, value in jwk.items() if name != "d"})
        for jwk in (keys["issuer_keys"][0], keys["holder_key"])
    )  # type: ignore[return-value]


def neighbours(file: Path) -> list[SdJwt]:
    """SD-JWTs of the same example, which stand beside it."""
    group = file.name.rpartition("__")[0]
    # One example has a number (`sd_jwt_vcld/01`); other folders hold examples that do not belong together.
    if not (group.rpartition("__")[2] if group else file.parent.name).isdigit():
        return []
    found = []
    for other in sorted(file.parent.glob(f"{group}*.txt")) if file.name else []:
        joined = "".join(other.read_text(encoding="utf-8").split())
        if "~" in joined and re.fullmatch(r"[A-Za-z0-9_.~-]+", joined):
            found.append(sd_jwt.read(joined))
    return found


def subsets(held: SdJwt) -> list[SdJwt]:
    """Every way of showing it, in the order of issuing."""
    pick = itertools.product((False, True), repeat=min(len(held.disclosures), 12))
    return [
        SdJwt(held.issuer_jwt, tuple(itertools.compress(held.disclosures, chosen)), None) for chosen in pick
    ]


def token(text: str, file: Path) -> Outcome:
    issuer, holder = published(file)
    if "~" not in text:
        jws = jose.read_jws(text, typ=None)
        if jose.media_type(jws.header.get("typ")) == "kb+jwt":
            jose.verify(jws, holder)
            came = key_binding(jws.claims(), file)
            return Outcome(came.state, f"holder's signature holds; {came.detail}")
        if jose.media_type(jws.header.get("typ")) == openid4vp.REQUEST_TYP:
            return signed(text)
        jose.verify(jws, issuer)
        claims = sd_jwt.process(jws.claims(), ()).claims
        return passed(f"issuer's signature holds under the key of RFC 9901; clear claims: {len(claims)}")
    held = sd_jwt.read(text)
    clear = jose.read_jws(held.issuer_jwt, typ=sd_jwt_vc.TYP).claims()
    binding, now = None, int(clear.get("iat", 1_750_000_000))
    if held.kb_jwt is not None:
        proof = jose.read_jws(held.kb_jwt, typ={"kb+jwt"}).claims()
        binding, now = KeyBinding(proof["nonce"], proof["aud"]), proof["iat"]
    found = sd_jwt_vc.verify(held, key_of=lambda *_: issuer, now=now, key_binding=binding, vct=None)
    said = "with the holder's proof" if found.key_bound else "without a holder's proof"
    return passed(f"SD-JWT VC verified under the key of RFC 9901, {said}; {len(found.disclosed)} disclosed")


def key_binding(told: dict[str, Any], file: Path) -> Outcome:
    """The claims of a holder's proof: form, and the hash against the SD-JWT beside it."""
    for name, kind in (("nonce", str), ("aud", str), ("iat", int), ("sd_hash", str)):
        if type(told.get(name)) is not kind:
            raise Differs(f"{name} is missing or has another form")
    beside = neighbours(file)
    if not beside:
        return passed("claims of a holder's proof read; no SD-JWT beside it to compare sd_hash with")
    hashes = {sd_jwt.digest(shown.presented) for held in beside for shown in subsets(held)}
    if told["sd_hash"] not in hashes:
        raise Differs("sd_hash fits no way of showing the SD-JWT beside it")
    return passed("claims of a holder's proof read; sd_hash fits the SD-JWT beside it")


def payload(told: dict[str, Any], file: Path) -> Outcome:
    """Claims, with digests or without: signed by us and verified; compared with the SD-JWT beside them."""
    key = ec.generate_private_key(ec.SECP256R1())
    now, vct = int(told.get("iat", 1_750_000_000)), told["vct"]
    if '"_sd"' in json.dumps(told):
        ours = SdJwt(jose.sign({"typ": "dc+sd-jwt"}, jose.write_json(told), key), (), None)
        expected = sd_jwt.process(told, ()).claims
    else:
        marked = {name: value if name in _REGISTERED else Concealed(value) for name, value in told.items()}
        ours = issue(marked, key=key, header={"typ": "dc+sd-jwt"}, draw=secrets.token_bytes, decoys=2)
        expected = told
    found = sd_jwt_vc.verify(ours, key_of=lambda *_: key.public_key(), now=now, key_binding=None, vct={vct})
    same("verified claims", found.claims, expected)
    for held in neighbours(file):
        signed_payload = jose.read_jws(held.issuer_jwt, typ=None).claims()
        shown = [sd_jwt.process(signed_payload, one.disclosures).claims for one in subsets(held)]
        bare = [{name: one[name] for name in one if name in told} for one in shown]
        if told != signed_payload and told not in bare:
            raise Differs("the SD-JWT beside it never shows these claims")
        return passed("issued by us and verified, equal; and the SD-JWT beside it shows the same")
    return passed("issued by us and verified, equal")


def disclosures(text: str) -> Outcome:
    """Disclosures written out: hash, base64url and contents must belong together."""
    blocks = re.split(r"__[^_\n][^\n]*__:", text)[1:]
    count = 0
    for block in blocks:
        digest = re.search(r"Hash:\s*`([A-Za-z0-9_-]+)`", block)
        coded = re.search(r"Disclosure:\\?\s*((?:`[A-Za-z0-9_-]+`\\?\s*)+)", block)
        contents = re.search(r"Contents:\s*`(.*)`", block, re.DOTALL)
        if digest is None or coded is None or contents is None:
            raise Differs("a disclosure without hash, text or contents")
        joined = "".join(re.findall(r"`([A-Za-z0-9_-]+)`", coded[1]))
        same("hash", sd_jwt.digest(joined), digest[1])
        opened = jose.read_json(jose.from_base64url(joined))
        written = re.sub(r"`\\?\s*\n\s*`", "", contents[1])
        same("contents", opened, json.loads(written))
        member = len(opened) == 3
        clear = {"_sd": [digest[1]]} if member else {"a": [{"...": digest[1]}]}
        found = sd_jwt.process(clear, (joined,)).claims
        same("disclosed", found, {opened[1]: opened[2]} if member else {"a": [opened[1]]})
        count += 1
    return (
        passed(f"{count} disclosures: hash, text and contents belong together")
        if count
        else not_covered("prose")
    )


CHECKS = {"openid4vp-1.0": check}
