"""The OpenAPI 3.1 document: written by hand in `openapi.yaml`, each of its examples is run by a test."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from ruangaman.rooms.access import config

METHODS = {"get", "post", "delete", "put", "patch"}
FILE = Path(__file__).with_name("openapi.yaml")


@cache
def document() -> dict[str, Any]:
    """
    The document as plain values.

    `x-refusals` of an operation becomes a reference for each status, and each address gets OPTIONS and HEAD: they are
    the same everywhere, and written out by hand they would hide what differs.
    """
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for path, item in found["paths"].items():
        for method in METHODS & set(item):
            for status in item[method].pop("x-refusals"):
                item[method]["responses"][str(status)] = {"$ref": f"#/components/responses/Refused{status}"}
        if "get" in item:
            item["head"] = _head(found, item["get"])
        item["options"] = _options(path)
    return found


def _head(found: dict[str, Any], get: dict[str, Any]) -> dict[str, Any]:
    """GET without its body: the same statuses and headers."""
    bare = {}
    for status, told in get["responses"].items():
        named = found["components"]["responses"][told["$ref"].rpartition("/")[2]] if "$ref" in told else told
        bare[status] = {name: value for name, value in named.items() if name != "content"}
    kept = {name: get[name] for name in ("tags", "parameters", "security") if name in get}
    name = get["operationId"]
    return kept | {"operationId": f"{name}Head", "summary": "As GET, without the body.", "responses": bare}


def _options(path: str) -> dict[str, Any]:
    name = "".join(part.strip("{}").title() for part in path.replace(".", "/").replace("-", "/").split("/"))
    allow = {"description": "Nothing.", "headers": {"Allow": {"$ref": "#/components/headers/Allow"}}}
    refusals = {str(status): {"$ref": f"#/components/responses/Refused{status}"} for status in (400, 500)}
    return {
        "operationId": f"methodsOf{name}",
        "summary": "The methods of this address.",
        "security": [],
        "responses": {"204": allow, **refusals},
    }


def as_json() -> bytes:
    """The document with the address of this house."""
    return msgspec.json.encode(document() | {"servers": [{"url": config.base_url()}]})
