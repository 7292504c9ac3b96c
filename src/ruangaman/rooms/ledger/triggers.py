"""The database itself refuses to change or delete an entry."""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "the ledger only grows"

_CREATE = {
    "sqlite": [
        f"CREATE TRIGGER ledger_no_{verb} BEFORE {verb} ON ledger_entry BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for verb in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger_entry "
        "FOR EACH ROW EXECUTE FUNCTION ledger_only_grows()",
    ],
}
_DROP = {
    "sqlite": [f"DROP TRIGGER IF EXISTS ledger_no_{verb}" for verb in ("UPDATE", "DELETE")],
    "postgresql": [
        "DROP TRIGGER IF EXISTS ledger_no_change ON ledger_entry",
        "DROP FUNCTION IF EXISTS ledger_only_grows()",
    ],
}


def create(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Set the triggers."""
    for statement in _CREATE[editor.connection.vendor]:
        editor.execute(statement, params=None)


def drop(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away again."""
    for statement in _DROP[editor.connection.vendor]:
        editor.execute(statement, params=None)
