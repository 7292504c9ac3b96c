"""EU age verification profile: messages of OpenID4VP and OpenID4VCI. Files with an mdoc in them go to `eu_av_mdoc`."""

import importlib
import importlib.util
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cbor2

from ruangaman.core.credentials import dcql, jose, mdoc, openid4vp, openid4vp_answer
from ruangaman.core.credentials.errors import CredentialError
from tests.vectors.outcome import Differs, Outcome, not_covered, passed, same

AV = "eu.europa.ec.av.1"
CONFIGURATION = "proof_of_age"
FAULTS = (dcql.DoctypeWithBlank, dcql.DoctypeNoString)


def check(file: Path) -> Outcome:
    text = file.read_text(encoding="utf-8")
    came = _of_mdoc(file, text)
    if came is not None:
        return came
    body = text.strip()
    if body.startswith("HTTP/"):
        return http_response(body)
    if re.match(r"(GET|POST) /", body):
        return http_request(body)
    if re.search(r"\?credential_offer(_uri)?=", body):
        return offer_link(body)
    if body.startswith("{"):
        told, said = lenient(body)
        came = of_json(told)
        return Outcome(came.state, came.detail + said)
    return not_covered("no message of OpenID4VP or OpenID4VCI")


def _of_mdoc(file: Path, text: str) -> Outcome | None:
    name = "tests.vectors.kinds.eu_av_mdoc"
    looks_so = '"mdoc_hex"' in text or '"issuerAuth"' in text or set(_keys(text)) == {"response"}
    if importlib.util.find_spec(name) is None:
        return not_covered("an mdoc, or an answer that holds one: no reader for it yet") if looks_so else None
    found: Outcome | None = importlib.import_module(name).check_mdoc(file, text)
    return found


def _keys(text: str) -> list[str]:
    try:
        told = json.loads(text)
    except ValueError:
        return []
    return list(told) if isinstance(told, dict) else []


def lenient(text: str) -> tuple[Any, str]:
    """The annex writes commas after the last member and a brace too many; our strict reader refuses both: told here."""
    try:
        return jose.read_json(text.encode()), ""
    except jose.NotJson:
        whole, commas = re.subn(r",(\s*[}\]])", r"\1", text)
        surplus = whole.count("}") - whole.count("{")
        for _ in range(max(surplus, 0)):
            whole = whole.rstrip().removesuffix("}")
        faults = ["a comma after the last member"] * bool(commas) + ["a brace too many"] * (surplus > 0)
        said = f"; known fault of the source: {' and '.join(faults)} (refused as jose.not-json when left)"
        return jose.read_json(whole.encode()), said


def of_json(told: Any) -> Outcome:
    if not isinstance(told, dict):
        return not_covered("no JSON object")
    if "credential_issuer" in told and "credential_configuration_ids" in told:
        return offer(told)
    if "credentials" in told and any("format" in one for one in told["credentials"]):
        return query(lambda: dcql.read(told), told)
    if "requests" in told:
        return browser_request(told)
    if "credentials" in told or "credential" in told:
        return credential_response(told)
    if "access_token" in told:
        return token_response(told)
    if told and all(mdoc.age_number(name) is not None for name in told):
        return attributes(told)
    if "response_type" in told:
        return query(lambda: openid4vp.read_request(told, signed=False), told)
    return not_covered("an object that belongs to no message of the profile that is spoken here")


def attributes(told: dict[str, Any]) -> Outcome:
    """What a proof of age says, as JSON: ages and nothing else, each true or false, none against another."""
    same("what each age is", {type(one) for one in told.values()}, {bool})
    ages = {int(name[-2:]): over for name, over in told.items()}
    same("each answers for itself", {age: mdoc.answer_over(ages, age) for age in ages}, ages)
    return passed(f"attributes read: {', '.join(told)}")


def query(read: Any, told: Any) -> Outcome:
    """
    A query, alone or in a request. The annex writes its docType with a blank, or in a list: that must be refused, by
    its own code, and the query must be taken once the fault is out.
    """
    text = json.dumps(told) if not isinstance(told, str) else told
    faulty = bool(re.search(rf"{re.escape(AV)}(\s|%20|\+)+(\"|%22)", text)) or bool(
        re.search(r'doctype_value("|%22)\s*(:|%3A)\s*(\[|%5B)', text)
    )
    try:
        found = read()
    except FAULTS as refusal:
        if not faulty:
            raise
        return passed(f"known fault of the source refused: {refusal.code}")
    if faulty:
        raise Differs("a docType with a blank or in a list was taken")
    asked = found.dcql_query if isinstance(found, openid4vp.Request) else found
    return passed(f"query read: {', '.join(type_ for one in asked.credentials for type_ in one.types)}")


def offer(told: dict[str, Any]) -> Outcome:
    """A credential offer (OpenID4VCI 4.1.1)."""
    where = urlsplit(told["credential_issuer"])
    if where.scheme != "https" or not where.hostname or where.query or where.fragment:
        raise Differs("credential_issuer is no https URL")
    if CONFIGURATION not in told["credential_configuration_ids"]:
        raise Differs(f"does not offer {CONFIGURATION}")
    grants = told.get("grants", {})
    code = grants.get("urn:ietf:params:oauth:grant-type:pre-authorized_code")
    if code is not None and not code.get("pre-authorized_code"):
        raise Differs("a pre-authorized grant without its code")
    said = ", ".join(name.rsplit(":", 1)[-1] for name in grants) or "no grant named"
    pin = f", transaction code of {code['tx_code'].get('length')}" if code and "tx_code" in code else ""
    return passed(f"offer of {CONFIGURATION} read: {said}{pin}")


def offer_link(body: str) -> Outcome:
    fields = openid4vp.read_form("".join(body.split()).partition("?")[2])
    if "credential_offer_uri" in fields:
        where = urlsplit(fields["credential_offer_uri"])
        same("scheme of credential_offer_uri", where.scheme, "https")
        return passed("offer by reference read")
    told, said = lenient(fields["credential_offer"])
    came = offer(told)
    return Outcome(came.state, f"from a link, {came.detail}{said}")


def http_request(body: str) -> Outcome:
    head, _, content = body.partition("\n\n")
    if head.startswith("GET"):
        target = "".join(line.strip() for line in _target(head))
        fields = target.partition("?")[2]
        if "response_type=vp_token" in fields:
            return query(lambda: openid4vp.read_request_link(fields), fields)
        return authorization_request(openid4vp.read_form(fields))
    if "x-www-form-urlencoded" in head:
        fields = openid4vp.read_form("".join(content.split()))
        if "vp_token" in fields or "response" in fields:
            return posted(fields, content)
        return token_request(fields) if "grant_type" in fields else authorization_request(fields)
    told, said = lenient(content)
    came = credential_request(told) if isinstance(told, dict) else not_covered("no JSON object")
    return Outcome(came.state, came.detail + said)


def posted(fields: dict[str, str], content: str) -> Outcome:
    """An answer by post; what the annex cuts short must be refused."""
    body = "".join(content.split()).encode()
    if any(".." in one for one in fields.values()):
        try:
            openid4vp_answer.read_post(body)
        except CredentialError as refusal:
            return passed(f"an answer by post; cut short in the source, and refused: {refusal.code}")
        raise Differs("an answer that is cut short was taken")
    if "response" in fields:
        return not_covered("an encrypted answer without the key that opens it")
    return passed(f"an answer by post read: {', '.join(openid4vp_answer.read_post(body).vp_token)}")


def _target(head: str) -> list[str]:
    """The lines of a GET up to its version or its first header; a blank inside belongs to the query."""
    lines = []
    for line in head.removeprefix("GET ").splitlines():
        if re.match(r"[A-Za-z-]+: ", line):
            break
        lines.append(re.sub(r"\s+HTTP/1\.1\s*$", "", line))
    return lines


def authorization_request(fields: dict[str, str]) -> Outcome:
    same("response_type", fields.get("response_type"), "code")
    same("code_challenge_method", fields.get("code_challenge_method"), "S256")
    same("bytes of code_challenge", len(jose.from_base64url(fields["code_challenge"])), 32)
    if CONFIGURATION not in (fields.get("scope", "") + fields.get("authorization_details", "")):
        raise Differs(f"does not ask for {CONFIGURATION}")
    return passed(f"authorization request for {CONFIGURATION} read: code flow with PKCE")


def token_request(fields: dict[str, str]) -> Outcome:
    grant = fields.get("grant_type", "").rsplit(":", 1)[-1]
    needs = {"authorization_code": ("code", "code_verifier"), "pre-authorized_code": ("pre-authorized_code",)}
    if grant not in needs:
        return not_covered(f"grant {grant}")
    if any(not fields.get(name) for name in needs[grant]):
        raise Differs(f"a token request by {grant} that lacks its code")
    return passed(f"token request read: {grant}")


def credential_request(told: dict[str, Any]) -> Outcome:
    proofs = told.get("proofs", {}).get("jwt") or [told.get("proof", {}).get("jwt", "")]
    cut = 0
    for proof in proofs:
        if proof.count(".") == 2 and "..." not in proof:
            jose.read_jws(proof, typ={"openid4vci-proof+jwt"})
            continue
        try:
            jose.read_jws(proof, typ={"openid4vci-proof+jwt"})
        except CredentialError:
            cut += 1
        else:
            raise Differs("a proof that is cut short was taken")
    return passed(f"credential request read: {len(proofs)} proofs, {cut} cut short in the source and refused")


def http_response(body: str) -> Outcome:
    head, _, content = body.partition("\n\n")
    if "Location:" in head:
        target = "".join(line.strip() for line in head.partition("Location:")[2].splitlines())
        fields = openid4vp.read_form(target.partition("?")[2])
        if not fields.get("code") and not fields.get("error"):
            raise Differs("an authorization response without code or error")
        return passed(f"authorization response read: {urlsplit(target.strip()).scheme}://, code or error")
    told, said = lenient(content.strip())
    came = of_json(told)
    return Outcome(came.state, came.detail + said)


def token_response(told: dict[str, Any]) -> Outcome:
    same("token_type", str(told.get("token_type", "")).lower(), "bearer")
    if type(told.get("expires_in", 0)) is not int:
        raise Differs("expires_in is no whole number")
    return passed("token response read")


def credential_response(told: dict[str, Any]) -> Outcome:
    found = [one.get("credential") for one in told.get("credentials", [told])]
    if not found or not all(isinstance(one, str) and one for one in found):
        raise Differs("a credential response without credentials")
    cut = sum("..." in one for one in found)
    return passed(f"credential response read: a batch of {len(found)}, {cut} cut short in the source")


def browser_request(told: dict[str, Any]) -> Outcome:
    """
    A request through the Digital Credentials API. In the protocol of ISO 18013-7 Annex C: its one question must be one
    that our own DCQL can put as well.
    """
    said = []
    for one in told["requests"]:
        data = one.get("data", {})
        if one.get("protocol", "").startswith("openid4vp"):
            read = openid4vp.read_request(data, signed=False)
            said.append(f"{one['protocol']}: {read.response_mode}")
            continue
        if one.get("protocol") != "org-iso-mdoc":
            return not_covered(f"protocol {one.get('protocol')}")
        device = cbor2.loads(jose.from_base64url(data["deviceRequest"]))
        kind, parameters = cbor2.loads(jose.from_base64url(data["encryptionInfo"]))
        same("encryptionInfo", kind, "dcapi")
        if len(parameters["nonce"]) < 16:
            raise Differs("a nonce of less than 16 bytes")
        for asked in device["docRequests"]:
            items = cbor2.loads(asked["itemsRequest"].value)
            paths = [[space, name] for space, names in items["nameSpaces"].items() for name in names]
            ours = [dcql.one_claim("age", dcql.MDOC, [items["docType"]], path) for path in paths]
            said.append(
                f"org-iso-mdoc: {items['docType']} {paths[0][1]}, put by {len(ours)} DCQL query as well"
            )
    return passed("; ".join(said)) if said else not_covered("no request in it")


CHECKS = {"eu-av": check}
