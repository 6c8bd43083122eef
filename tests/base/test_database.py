from pathlib import Path

import pytest
from django.db import connection

from zhengtong.base.database import entry

DATA = Path("/srv/zt")


def test_without_an_address_the_database_lies_in_the_data_folder():
    assert entry("", data_dir=DATA)["NAME"] == "/srv/zt/zhengtong.sqlite3"


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("sqlite:///city.sqlite3", "city.sqlite3"),  # beside the caller
        ("sqlite:////srv/one/city.sqlite3", "/srv/one/city.sqlite3"),
    ],
)
def test_embedded_address(address, name):
    assert entry(address, data_dir=DATA)["NAME"] == name


def test_postgresql_address():
    got = entry("postgresql://zt:p%40ss@db.example:5433/city?sslmode=verify-full", data_dir=DATA)
    assert (got["USER"], got["PASSWORD"], got["HOST"], got["PORT"], got["NAME"]) == (
        *("zt", "p@ss", "db.example", "5433", "city"),
    )
    assert got["OPTIONS"] == {
        "sslmode": "verify-full", "prepare_threshold": 5, "server_side_binding": True, "options": "-c jit=off",
    }  # fmt: skip


def test_postgresql_on_a_socket():
    assert entry("postgresql://zt@/city?host=/run/pg", data_dir=DATA)["HOST"] == "/run/pg"


def test_behind_a_transaction_pooler_nothing_is_prepared():
    options = entry("postgresql:///city?prepare_threshold=none", data_dir=DATA)["OPTIONS"]
    assert options == {"prepare_threshold": None, "server_side_binding": False}


def test_another_engine_is_refused_in_words():
    with pytest.raises(ValueError, match="must begin with sqlite:/// or postgresql://"):
        entry("mysql://root@localhost/city", data_dir=DATA)


@pytest.mark.django_db
def test_embedded_writers_wait_for_each_other():
    if connection.vendor != "sqlite":
        pytest.skip("the embedded database only")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (20_000,)
        assert cursor.execute("PRAGMA foreign_keys").fetchone() == (1,)
    assert connection.transaction_mode == "IMMEDIATE"
