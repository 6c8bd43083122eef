"""One middleware turns every lawful "no" into what its reader can use."""

import json
from http import HTTPStatus

import pytest
from django.utils import translation

from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import SENTENCES, sentence, sentence_html

pytestmark = pytest.mark.urls("tests.web.frame_urls")


def test_person_reads_a_page_with_the_sentence_and_a_way_back(client):
    answer = client.get(
        "/samples/refuse/?code=code.uscc_length&length=17",
        headers={"referer": "http://testserver/samples/?a=1"},
    )
    html = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "您填写了 17 位" in html
    assert 'href="/samples/?a=1"' in html


def test_way_back_never_leads_elsewhere(client):
    html = client.get(
        "/samples/refuse/?code=code.uscc_check", headers={"referer": "https://evil.example/x"}
    ).content.decode()
    assert "evil" not in html


def test_machine_reads_problem_json(client):
    answer = client.get(
        "/samples/refuse/?code=code.uscc_length&length=17",
        headers={"accept": "application/json", "accept-language": "en"},
    )
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert body["code"] == "code.uscc_length"
    assert body["facts"] == {"length": "17"}
    assert body["detail"].startswith("A unified social credit code has 18 characters")
    assert body["request_id"] == answer["X-Request-ID"]


def test_piece_of_a_page_gets_the_sentence_where_messages_stand(client):
    answer = client.get("/samples/refuse/?code=code.uscc_check", headers={"hx-request": "true"})
    assert answer["HX-Retarget"] == "#told"
    assert b"<html" not in answer.content
    assert "校验位不对" in answer.content.decode()


def test_form_shows_the_refusal_beside_its_field(client):
    html = client.post("/samples/refuse-in-form/", {"name": "x"}).content.decode()
    assert "校验位不对" in html.split('id="id_name_error"')[1]


def test_what_was_written_is_shown_on_the_refused_page(client):
    opinion = "经核查，申请材料齐全，符合法定形式，建议准予备案。"
    html = client.post(
        "/samples/refuse/?code=code.uscc_check", {"opinion": opinion, "password": "秘密秘密秘密秘密"}
    ).content.decode()
    assert opinion in html
    assert "秘密" not in html


def test_facts_are_escaped_and_chinese_ones_marked():
    refusal = Refusal(RefusalCode.CODE_IMPL_FORM, value="<b>云泽</b>")
    with translation.override("en"):
        assert '“<span lang="zh-Hans">&lt;b&gt;云泽&lt;/b&gt;</span>”' in sentence_html(refusal)
        assert "<b>云泽</b>" in sentence(refusal)


@pytest.mark.parametrize("code", list(RefusalCode))
def test_every_code_has_a_sentence_in_both_languages(code):
    assert code in SENTENCES
    with translation.override("zh-hans"):
        chinese = sentence(Refusal(code))
    with translation.override("en"):
        english = sentence(Refusal(code))
    assert chinese != english, "no English sentence"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("code.uscc_check", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("form.too_large", HTTPStatus.UNPROCESSABLE_ENTITY),
        ("file.too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ("item.unknown", HTTPStatus.NOT_FOUND),
        ("item.exists", HTTPStatus.CONFLICT),
    ],
)
def test_status_follows_the_family(code, status):
    assert status_of(RefusalCode(code)) == status
