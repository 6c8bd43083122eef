"""The page of the seal, the public log and the packs, as people meet them."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.flows.acts import OIL, bring, holder
from tests.people import AT, PREPAID, Cast, cast
from tests.seal.logs import lift_guards, log, write
from tests.web.portal import as_enterprise, chinese_outside_marks, signed_in, text
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal import keys, publication, tree
from zhengtong.base.seal.actions import seal, seal_and_publish
from zhengtong.base.seal.check import check_all
from zhengtong.base.seal.models import Sequencer
from zhengtong.base.seal.queries import state
from zhengtong.exchange import verify_evidence
from zhengtong.flows import talk
from zhengtong.rules.merkle_note import parse_note
from zhengtong.rules.procedure import State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def people() -> Cast:
    return cast(PREPAID, OIL)


def supervisor(people: Cast, *, english: bool = False) -> Client:
    return signed_in(people.officers["吴涛"].account, english=english)


# --- how it stands ---


def test_the_state_counts_what_is_sealed_signed_and_waiting():
    assert state()[:5] == (0, None, None, 0, 0)
    log(3)
    write("k3")
    seal(at=AT)
    write("k4", 2)
    check_all(at=AT)
    now = state()
    assert (now.size, now.ok, now.at, now.signed, now.waiting, now.faults) == (4, True, AT, 3, 2, 0)


def test_the_page_is_told_what_the_check_found(people: Cast):
    client = supervisor(people)
    assert "还没有检查点" in text(client.get("/watch/seal/"))
    write("k", 5)
    seal_and_publish(at=AT)
    check_all(at=AT)
    assert "日志、文件与签名一致" in text(client.get("/watch/seal/"))
    lift_guards()
    Entry.objects.filter(subject_key="k", seq=2).update(facts="{}")
    check_all(at=AT)
    page = text(client.get("/watch/seal/"))
    assert "核对发现改动" in page
    assert "case k 第 2 条" in page


def test_a_worker_that_signs_no_more_is_noticed(people: Cast):
    client = supervisor(people)
    write("k")
    seal_and_publish(at=timezone.now())
    assert "迟迟没有新的检查点" not in text(client.get("/watch/seal/"))
    write("k")
    assert "迟迟没有新的检查点" not in text(client.get("/watch/seal/"))
    publication.rotate(at=timezone.now() - timedelta(hours=1))
    assert "迟迟没有新的检查点" in text(client.get("/watch/seal/"))


@pytest.mark.parametrize("english", [False, True])
def test_the_page_costs_the_same_however_long_the_log(
    people: Cast, english: bool, django_assert_max_num_queries, client: Client
):
    who = supervisor(people, english=english)
    log(*range(1, 30, 2))
    lift_guards()
    Entry.objects.filter(subject_key="k7").update(facts="{}")
    check_all(at=AT)
    who.get("/watch/seal/")
    with django_assert_max_num_queries(20):
        page = who.get("/watch/seal/")
    assert page.status_code == 200
    if english:
        assert chinese_outside_marks(page.content.decode()) == []


# --- the public log ---


def test_the_log_is_served_as_the_specification_says(client: Client):
    assert client.get("/log/checkpoint").status_code == 404
    log(3, 300)
    answer = client.get("/log/checkpoint")
    assert answer.content.decode() == tree.published()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=5"
    for path in ("0/000", "0/001.p/44", "1/000.p/1", "entries/000", "entries/001.p/44"):
        answer = client.get(f"/log/tile/{path}")
        assert b"".join(answer) == (tree.folder() / "tile" / path).read_bytes()
        assert answer["Content-Type"] == "application/octet-stream"
        assert "immutable" in answer["Cache-Control"]
    assert client.get("/log/keys").content.decode().startswith("localhost:8000/log+")
    assert b"def pure_verify" in client.get("/log/verify_evidence.py").content


def test_a_change_of_keys_is_published(client: Client):
    log(3)
    first = keys.key_in_force()
    publication.rotate(at=AT)
    new = keys.key_in_force()
    assert client.get("/log/keys").content.decode().count("\n") == 2
    note = client.get(f"/log/handover/{new.key_id}").content.decode()
    assert keys.verifier(new) in note
    assert keys.signed_by(parse_note(note), [first]) == {first.key_id}
    assert client.get(f"/log/handover/{first.key_id}").status_code == 404
    assert client.get("/log/handover/..%2fcheckpoint").status_code in (400, 404)


@pytest.mark.parametrize(
    "path",
    [
        "0/001", "0/000.p/4", "0/000.p", "0", "0/", "64/000", "00/000", "0/1", "0/x000/000", "../checkpoint", "0/../0/000.p/3",
        "%2e%2e/checkpoint", "entries/000.p/03", "0/000.p/3/", "0/000.p/3%00", "//etc/passwd", "0/٠٠٠",
    ],
)  # fmt: skip
def test_nothing_else_is_served(client: Client, path: str):
    log(3)
    assert client.get("/log/tile/0/000.p/3").status_code == 200
    assert client.get(f"/log/tile/{path}").status_code in (400, 404)


@pytest.mark.parametrize("english", [False, True])
def test_a_stranger_reads_how_to_verify(client: Client, english: bool, django_assert_max_num_queries):
    if english:
        client.cookies["zhengtong_language"] = "en"
    assert client.get("/log/").status_code == 200
    log(3)
    with django_assert_max_num_queries(10):
        page = client.get("/log/").content.decode()
    assert "verify_evidence.py" in page
    assert "localhost:8000/log+" in page
    if english:
        assert chinese_outside_marks(page) == []


# --- the packs ---


def test_the_applicant_downloads_a_pack_that_holds(people: Cast, tmp_path, django_assert_max_num_queries):
    case = bring(people, State.PROCESSING, 1)
    talk.note(case.number, text="内部意见", by=holder(people, case), at=AT)
    seal_and_publish(at=AT)
    client = as_enterprise(people)
    assert reverse("portal:evidence", args=[case.number]) in text(
        client.get(reverse("portal:case", args=[case.number]))
    )
    with django_assert_max_num_queries(20):
        answer = client.get(reverse("portal:evidence", args=[case.number]))
    assert answer["Cache-Control"] == "private, no-store"
    assert case.number in answer["Content-Disposition"]
    (tmp_path / "own.zip").write_bytes(answer.content)
    own = verify_evidence.load(str(tmp_path / "own.zip"))
    assert verify_evidence.verify_pack(own)
    whole = supervisor(people).get(reverse("watch:evidence", args=[case.number]))
    (tmp_path / "whole.zip").write_bytes(whole.content)
    assert verify_evidence.verify_pack(verify_evidence.load(str(tmp_path / "whole.zip")))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "case.noted" not in everything  # not even its kind
    assert "case.noted" in "".join(
        entry.get("body", "") for entry in verify_evidence.load(str(tmp_path / "whole.zip"))["entries"]
    )


@pytest.mark.parametrize(
    ("name", "page", "pack"),
    [("吴涛", 200, 200), ("蒋华", 200, 403), ("赵强", 200, 403), ("李军", 403, 403), ("张敏", 403, 403)],
)
def test_who_sees_the_seal_and_who_takes_a_whole_pack(people: Cast, name: str, page: int, pack: int):
    case = bring(people, State.SUBMITTED, 1)
    seal_and_publish(at=AT)
    client = signed_in(people.officers[name].account)
    assert client.get("/watch/seal/").status_code == page
    assert client.get(reverse("watch:evidence", args=[case.number])).status_code == pack


def test_before_anything_is_signed_the_applicant_is_told_to_wait(people: Cast):
    case = bring(people, State.SUBMITTED, 1)
    answer = as_enterprise(people).get(reverse("portal:evidence", args=[case.number]))
    assert answer.status_code == 422
    assert "还没有存证" in text(answer)


def test_the_number_waiting_is_counted_behind_the_mark():
    write("k", 3)
    seal(at=AT)
    write("k", 2)
    assert Sequencer.objects.count() == 1
    assert state().waiting == 2
