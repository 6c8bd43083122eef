"""Who acts, in which post. Nothing below the doors asks the session: it is handed an `Acting`."""

from zhengtong.base.permission.acting import SYSTEM, Acting, ActorKind, PostHeld

__all__ = ["SYSTEM", "Acting", "ActorKind", "PostHeld"]
