"""The contracts of pyproject.toml, also where only pytest is run."""

from importlinter.api import read_configuration
from importlinter.cli import lint_imports


def test_contracts_hold(capsys):
    assert read_configuration()["contracts_options"]
    assert lint_imports() == 0, capsys.readouterr().out
