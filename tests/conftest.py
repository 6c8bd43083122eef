"""What every test stands on. The database is the one ZHENGTONG_DATABASE_URL names, else SQLite in a new folder."""

import os

from hypothesis import HealthCheck, settings

# In CI the same examples every time: a red run must be red again on the next machine.
settings.register_profile("ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") or os.environ.get("ZHENGTONG_DERANDOMIZE") else "dev")
