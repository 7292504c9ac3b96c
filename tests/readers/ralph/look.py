"""Statements by Ralph's own strict model: a JSON list on stdin, on stdout which were refused, by their place."""

import json
import sys

from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

refused = []
for at, told in enumerate(json.load(sys.stdin)):
    try:
        BaseXapiStatement.model_validate(told)
    except ValidationError:
        refused.append(at)
print(json.dumps(refused))
