"""A real place is founded once, whole, and its administrator can sign in."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from zhengtong.domains.registry.models import Account, Organ, Section, ServiceWindow
from zhengtong.domains.registry.queries import officer_acting
from zhengtong.rules.roles import Ability

pytestmark = pytest.mark.django_db
EXAMPLE = Path(__file__).parents[2] / "docs" / "found.example.toml"
SECRET = "a-long-first-secret-9"


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGTONG_ADMIN_PASSWORD", SECRET)


def test_the_example_founds_a_place_with_an_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("found", str(EXAMPLE))
    assert (Organ.objects.count(), Section.objects.count(), ServiceWindow.objects.count()) == (1, 2, 1)
    account = Account.objects.get(login="A001")
    assert account.check_password(SECRET)
    acting = officer_acting(account.pk, timezone.localdate())
    assert acting is not None
    assert acting.can(Ability.KEEP_PEOPLE)
    assert SECRET not in "".join(capsys.readouterr())
    with pytest.raises(CommandError, match="已经有机关"):
        call_command("found", str(EXAMPLE))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('organ = "11990100MB0101741G"\n', 'organ = "nobody"\n'),
        ("11990100MB0101741G", "11990100MB0101741A"),
        ('short_name = "云商"', 'shrt_name = "云商"'),
    ],
)
def test_a_faulty_file_founds_nothing(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "place.toml"
    path.write_text(EXAMPLE.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(CommandError):
        call_command("found", str(path))
    assert not Organ.objects.exists()


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENGTONG_ADMIN_PASSWORD", "1234")
    with pytest.raises(CommandError):
        call_command("found", str(EXAMPLE))
    assert not Organ.objects.exists()
