"""The OpenAPI document: valid, complete, and each of its examples runs against the door."""

import re
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from ruangaman.core import nicknames
from ruangaman.rooms.access import events, openapi, wire
from ruangaman.rooms.access import urls as addresses
from ruangaman.rooms.access.tests.conftest import BORN, Platform

DOCUMENT = openapi.document()
METHODS = ("get", "post", "delete", "put", "patch")
OPERATIONS = {
    one["operationId"]: (method, path, one)
    for path, item in DOCUMENT["paths"].items()
    for method, one in item.items()
    if method in METHODS
}
EXAMPLES = [
    (operation, name)
    for operation, (_, _, one) in OPERATIONS.items()
    for name in one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})
]
WITHOUT_A_BODY = [name for name, (_, _, one) in OPERATIONS.items() if "requestBody" not in one]


def resolved(node: Any) -> Any:
    while "$ref" in node:
        found: Any = DOCUMENT
        for part in node["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        node = found
    return node


def check(told: Any, operation: str) -> None:
    """The body that came fits the schema that the document names for its status."""
    named = resolved(OPERATIONS[operation][2]["responses"][str(told.status)])
    kinds = named.get("content", {})
    if not kinds:
        assert told.json is None
        return
    kind = told.headers["Content-Type"].partition(";")[0]
    assert kind in kinds, (kind, told.json)
    schema = kinds[kind]["schema"] | {"components": DOCUMENT["components"]}
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    validator.validate(told.json)


@pytest.fixture
def house(platform, hour) -> Platform:
    return platform("obrol", sandbox=True)


def place(house: Platform, path: str) -> str:
    """The address with ids of things that stand there."""
    if "{data_request}" in path:
        made = house.sign_up("obrol", subject="p-contoh", age=BORN["ayu"]).json["id"]
        house.post(f"/v1/sandbox/sessions/{made}/data-request", {"right": "copy"})
        (asked,) = house.get("/v1/data-requests").json["data_requests"]
        path = path.replace("{data_request}", asked["id"])
    if "{session}" in path or "{deletion}" in path:
        told = house.sign_up("obrol", subject="p-contoh", age=BORN["bima"])
        path = path.replace("{session}", told.json["id"])
        if "{deletion}" in path:
            house.post(f"/v1/sandbox/sessions/{told.json['id']}/guardian", {"answer": "refused"})
            (duty,) = house.get("/v1/deletions").json["deletions"]
            path = path.replace("{deletion}", duty["id"])
    if "{webhook}" in path:
        made = house.post("/v1/webhooks", {"url": "https://platform.example/kait"})
        path = path.replace("{webhook}", made.json["id"])
    return path


def test_the_document_is_openapi_3_1():
    OpenAPIV31SpecValidator(DOCUMENT).validate()


@pytest.mark.parametrize(("operation", "name"), EXAMPLES)
def test_each_example_runs_and_its_reply_fits_the_document(house, operation, name):
    method, path, one = OPERATIONS[operation]
    example = one["requestBody"]["content"]["application/json"]["examples"][name]
    told = house.call(method.upper(), place(house, path), example["value"])
    assert told.status == example["x-status"], told.json
    check(told, operation)


@pytest.mark.parametrize("operation", WITHOUT_A_BODY)
def test_each_call_without_a_body_fits_the_document(house, operation):
    method, path, one = OPERATIONS[operation]
    told = house.call(method.upper(), place(house, path))
    assert str(told.status) in one["responses"]
    check(told, operation)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_refusal_of_each_call_fits_the_document(db, operation):
    method, path, one = OPERATIONS[operation]
    if one.get("security") == []:
        return
    path = re.sub(r"\{\w+\}", "019a0000-0000-7000-8000-000000000000", path)
    told = Platform("tidak-ada").call(method.upper(), path, {})
    assert told.status == 401
    check(told, operation)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_no_reply_is_left_to_a_default(operation):
    _, _, one = OPERATIONS[operation]
    named = set(one["responses"])
    assert "default" not in named
    keyed = one.get("security") != []
    assert {"400", "500"} <= named
    assert ({"401", "403", "406", "429"} <= named) is keyed
    assert ({"408", "413", "415", "503"} <= named) is ("requestBody" in one or operation == "testWebhook")
    heads = {
        name
        for status, told in one["responses"].items()
        if status < "3"
        for name in resolved(told).get("headers", {})
    }
    given = [resolved(each).get("name") for each in one.get("parameters", [])]
    assert "Idempotency-Replayed" in heads or "Idempotency-Key" not in given


def test_the_codes_that_the_document_names_are_those_of_the_catalogue(db):
    statuses = {one["code"]: one["status"] for one in Platform("-").get("/v1/errors").json["errors"]}
    for name, told in DOCUMENT["components"]["responses"].items():
        for code in re.findall(r"`([a-z]+\.[a-z-]+)`", told["description"]):
            assert f"Refused{statuses[code]}" == name, code


def test_a_repeated_call_says_so(house):
    body = {"service": "obrol", "subject": "p-1"}
    first, again = (house.post("/v1/sessions", body, idempotency_key="k-1") for _ in range(2))
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


def test_every_address_stands_in_the_document_with_its_methods(db):
    documented = {
        (re.sub(r"\{\w+\}", "{}", path), method.upper())
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method != "parameters"
    }
    served = set()
    for pattern in addresses.urlpatterns:
        path = "/" + re.sub(r"<\w+:\w+>", "{}", str(pattern.pattern))
        allow = (
            Platform("-")
            .call("OPTIONS", path.replace("{}", "019a0000-0000-7000-8000-000000000000"))
            .headers["Allow"]
        )
        served |= {(path, one) for one in allow.split(", ")}
    assert documented == served


def test_what_is_no_pseudonym_is_the_same_in_the_document():
    subject = DOCUMENT["components"]["schemas"]["NewSession"]["properties"]["subject"]
    assert subject["not"]["pattern"] == wire.NUMBER_OF_A_PERSON
    nickname = DOCUMENT["components"]["schemas"]["NewSession"]["properties"]["child"]["properties"][
        "nickname"
    ]
    assert nickname["not"]["pattern"] == nicknames.NOT_IN_A_NICKNAME


def test_the_kinds_of_events_are_those_of_the_code():
    assert set(DOCUMENT["components"]["schemas"]["EventKind"]["enum"]) == set(events.KINDS)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/sessions", {"service": "obrol", "subject": "a", "country": "id"}),
        ("/v1/sessions", {"service": "obrol", "subject": "3171234567890001"}),
        ("/v1/sessions", {"service": "obrol", "subject": "+62-812-3456-7890"}),
        ("/v1/sessions", {"service": "obrol", "subject": "a", "evidence": "verified"}),
        ("/v1/sessions", {"service": "obrol", "subject": "a", "assurance": "strict"}),
        ("/v1/sessions", {"service": "obrol", "subject": "a", "child": {"nickname": ""}}),
        ("/v1/sessions", {"service": "obrol", "subject": "a", "guardian": {"email": "ibu"}}),
        ("/v1/sessions", {"service": "obrol", "subject": "a", "guardian": {"phone": "rumah"}}),
        ("/v1/webhooks", {"url": ""}),
        ("/v1/webhooks", {"url": "https://platform.example/", "kinds": ["consent.taken"]}),
        ("/v1/webhooks", {"url": "https://platform.example/", "kinds": ["test"] * 21}),
    ],
)
def test_what_the_door_refuses_does_not_fit_the_document_either(house, path, body):
    schema = DOCUMENT["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, schema | {"components": DOCUMENT["components"]})
    assert house.post(path, body).status == 422


def test_the_document_is_served_without_a_key(db, settings):
    settings.BASE_URL = "https://ruangaman.example"
    told = Platform("-").get("/v1/openapi.json")
    assert told.json["openapi"] == "3.1.0"
    assert told.json["servers"] == [{"url": "https://ruangaman.example"}]
