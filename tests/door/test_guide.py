"""The guide for platforms: its commands and its program run against a living house, in its order."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime

import pytest
import yaml

from ruangaman.rooms.access import api as access
from tests.architecture.source import ROOT

GUIDE = (ROOT / "docs" / "guides" / "platform.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
PROGRAM = next(
    text for text in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if "with Client(" in text
)


@pytest.fixture
def house(transactional_db, live_server):
    fields = yaml.safe_load((ROOT / "docs/guides/platform/obrol.yaml").read_text(encoding="utf-8"))
    fields["risk_determined_at"] = datetime.fromisoformat(fields["risk_determined_at"])
    now = datetime.now(UTC)
    access.create_service(now=now, **fields)
    key = access.create_key(service="obrol", sandbox=True, now=now).text
    return {"HOUSE": live_server.url, "KEY": key}


def run(command: str, **names: str) -> dict:
    environment = {**os.environ, **names}
    done = subprocess.run(
        ["bash", "-c", command], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    found: dict = json.loads(done.stdout)
    return found


def test_the_commands_of_the_guide_run_in_their_order(house):
    ask, sign_up, simulate, confirm, answer = COMMANDS
    assert run(ask, **house)["outcome"] == "deny"
    session = run(sign_up, **house)
    assert session["next"]["kind"] == "guardian_request"
    assert run(sign_up, **house)["id"] == session["id"]
    assert run(simulate, **house, SESSION=session["id"])["state"] == "open"
    closed = run(simulate.replace("granted", "withdrawn"), **house, SESSION=session["id"])
    assert closed["state"] == "closed"
    listed = run('curl -s "$HOUSE/v1/deletions" -H "Authorization: Bearer $KEY"', **house)
    duty = listed["deletions"][0]["id"]
    done = run(confirm, **house, DELETION=duty, DONE_AT=datetime.now(UTC).isoformat())
    assert done["receipt"]
    child = (
        f'curl -s "$HOUSE/v1/sandbox/sessions/{session["id"]}/data-request" -H "Authorization: Bearer $KEY"'
    )
    asked = run(child + """ -H "Content-Type: application/json" -d '{"right": "copy"}'""", **house)
    assert run(answer, **house, DATA_REQUEST=asked["id"])["answered_by"] == "platform"


def test_the_program_of_the_guide_runs(house, capsys):
    exec(compile(PROGRAM, "platform.md", "exec"), dict(house))
    told = capsys.readouterr().out
    assert "show to the child: http" in told
    assert "open {'direct_messages': 'o" in told
    assert "consent.given" in told
    assert "access.field-refused subject" in told
