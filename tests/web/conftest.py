import pytest

from zhengtong.web.frame.messages import compile_all


@pytest.fixture(scope="session", autouse=True)
def _english():
    """Pages are read in both languages; the compiled catalogues are not in the repository."""
    compile_all()
