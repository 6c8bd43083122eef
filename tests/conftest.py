"""What every test stands on. The database is the one ZHENGTONG_DATABASE_URL names, else SQLite in a new folder."""

import os
import shutil
import sys
from importlib import import_module

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

# In CI the same examples every time: a red run must be red again on the next machine.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") or os.environ.get("ZHENGTONG_DERANDOMIZE") else "dev")


@pytest.fixture(autouse=True, scope="session")
def _journal_may_be_flushed():
    """Tests that commit for real empty every table afterwards; the journal's triggers rightly refuse that."""
    # Append-only, but for this moment.
    guards = [import_module(f"zhengtong.base.migrations.{name}") for name in ("0002_journal_append_only", "0005_seal")]
    teardown = TransactionTestCase._fixture_teardown

    def lifted(case):
        with connection.schema_editor() as editor:
            for guard in guards:
                guard.unguard(None, editor)
        teardown(case)
        with connection.schema_editor() as editor:
            for guard in guards:
                guard.guard(None, editor)

    # TestCase rolls back and has a teardown of its own.
    TransactionTestCase._fixture_teardown = lifted
    yield
    TransactionTestCase._fixture_teardown = teardown


@pytest.fixture(autouse=True)
def _fresh_editions():
    """A rolled-back version gives its id to the next test's; what was kept in memory of it must go."""
    yield
    queries = sys.modules.get("zhengtong.domains.catalogue.queries")
    if queries is not None:
        queries.forget_editions()


@pytest.fixture(autouse=True)
def _own_log():
    """What a test published of a log that was then rolled back is no log of the next one's."""
    yield
    if django_settings.configured:
        shutil.rmtree(django_settings.SEAL_DIR, ignore_errors=True)
