from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import ABILITIES, Ability, Role


class ActorKind(StrEnum):
    OFFICER = "officer"
    APPLICANT = "applicant"
    SYSTEM = "system"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post somebody may act in now. `principal_id` names the absent officer when it is held as AB substitute."""

    role: Role
    organ_id: int
    section_id: int | None = None
    principal_id: int | None = None
    label: str = ""
    everywhere: bool = False  # a post of the service centre serves every organ of the hall (一窗受理)


@dataclass(frozen=True, slots=True)
class Acting:
    """The person (or the system) behind an act, as the journal will name them.

    `id` is the officer's id for an officer, the account's id for an applicant.
    """

    kind: ActorKind
    id: int | None
    name: str
    posts: tuple[PostHeld, ...] = ()
    organ_name: str = ""
    enterprise_id: int | None = None  # the one acted for now
    enterprise_ids: frozenset[int] = frozenset()  # all one may act for today: their cases are seen together
    person_id: int | None = None
    abilities: frozenset[Ability] = field(init=False)

    def __post_init__(self) -> None:
        if self.enterprise_id is not None:
            object.__setattr__(self, "enterprise_ids", self.enterprise_ids | {self.enterprise_id})
        abilities: set[Ability] = set()
        for post in self.posts:
            abilities |= ABILITIES[post.role]
        object.__setattr__(self, "abilities", frozenset(abilities))

    @property
    def is_officer(self) -> bool:
        return self.kind is ActorKind.OFFICER

    @property
    def officer_id(self) -> int:
        """The officer's id, for a row that must name one; Refusal(PERMISSION_MISSING) for anybody else."""
        if not self.is_officer or self.id is None:
            raise Refusal(RefusalCode.PERMISSION_MISSING, needed="officer")
        return self.id

    def can(self, *abilities: Ability) -> bool:
        """True if any of the posts held gives one of these abilities."""
        return not self.abilities.isdisjoint(abilities)

    def check(self, *abilities: Ability) -> None:
        if not self.can(*abilities):
            raise Refusal(RefusalCode.PERMISSION_MISSING, needed="/".join(abilities))

    def organs(self, *abilities: Ability) -> set[int]:
        """Organs in which a post gives one of these abilities."""
        return {p.organ_id for p in self.posts if not ABILITIES[p.role].isdisjoint(abilities)}

    def everywhere(self, *abilities: Ability) -> bool:
        """True if a post of the service centre gives one of these abilities, so that no organ limits it."""
        return any(p.everywhere and not ABILITIES[p.role].isdisjoint(abilities) for p in self.posts)

    def post_for(
        self, roles: Iterable[Role], organ_id: int, section_id: int | None = None, *, holder: int | None = None
    ) -> PostHeld | None:
        """The post that lets this person act in the organ (and section, where the post is bound to one).

        For a case in the hands of `holder` it is the post held in that officer's place, if there is one (AB岗).
        """
        wanted = set(roles)
        fitting = [
            p
            for p in self.posts
            if p.role in wanted
            and (p.everywhere or p.organ_id == organ_id)
            and (p.section_id is None or section_id is None or p.section_id == section_id)
        ]
        # Else one's own post goes before a substitute's, so that the journal shows AB only when it was needed.
        instead_of = None if holder == self.id else holder
        fitting.sort(key=lambda p: (p.principal_id != instead_of, p.principal_id is not None))
        return fitting[0] if fitting else None

    def principals(self) -> frozenset[int]:
        """Officers in whose place this person may act today, oneself included."""
        ids = {p.principal_id for p in self.posts if p.principal_id is not None}
        if self.is_officer and self.id is not None:
            ids.add(self.id)
        return frozenset(ids)


SYSTEM = Acting(kind=ActorKind.SYSTEM, id=None, name="系统")
