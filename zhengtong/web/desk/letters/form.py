"""What every step of a letter shares."""

from typing import Any, ClassVar

from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.web.desk.act_form import ActForm
from zhengtong.web.desk.house.choosing import name_of


def category_choices() -> list[tuple[str, str]]:
    """The tree as one list; the place shows in front of the name."""
    return [("", "—"), *((one.code, f"{'　' * (one.level - 1)}{name_of(one)}") for one in letters.categories())]


def place_choices() -> list[tuple[str, str]]:
    """Every organ, and each of its sections below it."""
    found: list[tuple[str, str]] = [("", "—")]
    sections: dict[int, list[Any]] = {}
    for section in registry.sections_of():
        sections.setdefault(section.organ_id, []).append(section)
    for organ in registry.organs():
        found.append((place_key(organ.pk, None), name_of(organ)))
        found += [(place_key(organ.pk, s.pk), f"　{name_of(organ)} · {name_of(s)}") for s in sections.get(organ.pk, [])]
    return found


def place_key(organ_id: int, section_id: int | None) -> str:
    return f"{organ_id}-{section_id or ''}"


def place_of(key: str) -> tuple[int, int | None]:
    organ, _dash, section = key.partition("-")
    return int(organ), int(section) if section else None


class LetterForm(ActForm):
    """A step of a letter."""

    main: ClassVar[bool] = False  # stands open on the page; the others unfold

    def __init__(self, data: Any = None, *, letter: letters.Letter, **kwargs: Any) -> None:
        super().__init__(data, version=letter.version, initial=kwargs.pop("initial", None))
        self.letter = letter

    @property
    def step(self) -> dict[str, Any]:
        return {"seen": self.cleaned_data["seen"]}
