"""The words of findable objects: an FTS5 table on SQLite, a tsvector column with a GIN index on PostgreSQL."""

from django.db import migrations

SQLITE = [
    # With its content: a term too common to search by is checked in the words of the few rows left.
    'CREATE VIRTUAL TABLE search_text USING fts5 (name, keyword, body, tokenize="unicode61 remove_diacritics 0")',
]
POSTGRESQL = [
    "ALTER TABLE base_searchentry ADD COLUMN document tsvector",
    "CREATE INDEX base_searchentry_document ON base_searchentry USING gin (document)",
]


def make(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE base_searchentry DROP COLUMN document")
    else:
        schema_editor.execute("DROP TABLE search_text")


class Migration(migrations.Migration):
    dependencies = [("base", "0002_journal_append_only")]
    operations = [migrations.RunPython(make, drop)]
