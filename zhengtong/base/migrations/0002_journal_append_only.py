"""The journal refuses UPDATE and DELETE in the database itself, whatever the code above it does."""

from django.db import migrations

SQLITE = [
    """CREATE TRIGGER base_entry_no_update BEFORE UPDATE ON base_entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER base_entry_no_delete BEFORE DELETE ON base_entry
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
]
POSTGRESQL = [
    """CREATE FUNCTION base_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""",
    """CREATE TRIGGER base_entry_append_only BEFORE UPDATE OR DELETE ON base_entry
    FOR EACH ROW EXECUTE FUNCTION base_entry_refuse()""",
    """CREATE TRIGGER base_entry_no_truncate BEFORE TRUNCATE ON base_entry
    FOR EACH STATEMENT EXECUTE FUNCTION base_entry_refuse()""",
]


def guard(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION base_entry_refuse() CASCADE")
    else:
        schema_editor.execute("DROP TRIGGER base_entry_no_update")
        schema_editor.execute("DROP TRIGGER base_entry_no_delete")


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
