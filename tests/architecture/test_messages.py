"""Two languages, both complete."""

import pytest

from zhengtong.web.frame.messages import ROOT, catalogues, compile_all, faults


@pytest.mark.parametrize("source", list(catalogues()), ids=lambda path: str(path.relative_to(ROOT)))
def test_catalogue_has_no_fault(source):
    assert list(faults(source)) == []


def test_a_lost_placeholder_and_an_empty_sentence_are_faults(tmp_path):
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    source.write_text(head + 'msgid "%(n)s 天"\nmsgstr "%(n)s days"\n', encoding="utf-8")
    assert list(faults(source)) == []
    source.write_text(head + 'msgid "%(n)s 天"\nmsgstr "days"\n\nmsgid "首页"\nmsgstr ""\n', encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults(source)] == ["other placeholders than its source", "not translated"]


def test_compiling_twice_writes_once(tmp_path):
    source = tmp_path / "locale" / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "首页"\nmsgstr "Home"\n',
        encoding="utf-8",
    )
    assert [path.name for path in compile_all(tmp_path)] == ["django.mo"]
    assert compile_all(tmp_path) == []
