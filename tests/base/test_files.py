"""Files that people send: what is kept, what is refused, and how it is handed out again."""

import hashlib
import io
import os
import struct
import zipfile
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.names import content_disposition, safe_name
from zhengtong.base.files.respond import respond
from zhengtong.base.files.store import collect_orphans, open_file, path_of, store, store_own
from zhengtong.rules.refusal import Refusal, RefusalCode

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MEGABYTE = 1024 * 1024
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nxref\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
EXE = b"MZ\x90\x00" + b"\x00" * 200
DOCX_TYPES = b"<Types>application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml</Types>"
XLSX_TYPES = b"<Types>application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml</Types>"


def png(width=10, height=10):
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


def jpeg(width=10, height=10):
    jfif = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + jfif + frame + b"\xff\xd9"


def package(parts, method=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return data.getvalue()


def docx(**extra):
    return package({"[Content_Types].xml": DOCX_TYPES, "word/document.xml": b"<w/>", **extra})


def pdf_with(objects):
    return PDF.replace(b"xref\n", objects + b"\nxref\n", 1)


def pdf_with_packed(objects):
    packed = zlib.compress(objects)
    return pdf_with(b"7 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + packed + b"\nendstream endobj")


def sent(content, name, limit=MEGABYTE):
    return store(io.BytesIO(content), name, at=NOW, limit=limit)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (PDF, "营业执照.pdf", "application/pdf"),
        (PDF, "SCAN.PDF", "application/pdf"),
        (jpeg(), "照片.jpeg", "image/jpeg"),
        (jpeg().replace(b"\xff\xc0", b"\xff\xff\xff\xc0"), "填充.jpg", "image/jpeg"),
        (png(), "a.png", "image/png"),
        (docx(), "章程.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (package({"OFD.xml": b"<o/>"}), "发票.ofd", "application/ofd"),
        (
            docx(**{"word/embeddings/chart.xlsx": package({"[Content_Types].xml": XLSX_TYPES})}),
            "带图表.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        # a PDF/A-3 invoice with its data attached, and a text that only speaks about scripts
        (pdf_with(b"5 0 obj << /Type /EmbeddedFile >> endobj"), "数电票.pdf", "application/pdf"),
        (pdf_with(b"5 0 obj (see /JavaScript in the manual) endobj"), "手册.pdf", "application/pdf"),
    ],
)
def test_what_an_office_can_read_is_kept_under_its_hash(content, name, media_type):
    file = sent(content, name)
    assert (file.media_type, file.size) == (media_type, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    with open_file(file.sha256) as stored:
        assert stored.read() == content
    assert path_of(file.sha256).relative_to(settings.FILES_DIR).parts[:2] == (file.sha256[:2], file.sha256[2:4])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "empty.pdf", RefusalCode.FILE_EMPTY),
        (EXE, "营业执照.pdf", RefusalCode.FILE_CONTENT_DIFFERS),
        (EXE, "setup.exe", RefusalCode.FILE_KIND_NOT_ALLOWED),
        (EXE, "photo.png\u202efdp.exe", RefusalCode.FILE_KIND_NOT_ALLOWED),
        (PDF, "no ending", RefusalCode.FILE_KIND_NOT_ALLOWED),
        (PDF, "a.pdf.exe", RefusalCode.FILE_KIND_NOT_ALLOWED),
        (png(), "really.jpg", RefusalCode.FILE_CONTENT_DIFFERS),
        (b"\n" + PDF, "shifted.pdf", RefusalCode.FILE_CONTENT_DIFFERS),
        (b"<html><script>", "page.pdf", RefusalCode.FILE_CONTENT_DIFFERS),
        (package({"a.txt": b"x"}), "all.zip", RefusalCode.FILE_KIND_NOT_ALLOWED),
        (package({"a.txt": b"x"}), "all.docx", RefusalCode.FILE_CONTENT_DIFFERS),
        (docx(), "wrong.xlsx", RefusalCode.FILE_CONTENT_DIFFERS),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old.docx", RefusalCode.FILE_OLD_OFFICE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "locked.docx",
            RefusalCode.FILE_ENCRYPTED,
        ),
        (PDF[:60], "cut.pdf", RefusalCode.FILE_DAMAGED),
        (docx()[:-40], "cut.docx", RefusalCode.FILE_DAMAGED),
        (jpeg()[:25], "cut.jpg", RefusalCode.FILE_DAMAGED),
        (png(40_000, 10), "long.png", RefusalCode.FILE_IMAGE_TOO_LARGE),
        (png(20_000, 20_000), "bomb.png", RefusalCode.FILE_IMAGE_TOO_LARGE),
        (jpeg(65_000, 65_000), "bomb.jpg", RefusalCode.FILE_IMAGE_TOO_LARGE),
        (png(0, 10), "flat.png", RefusalCode.FILE_DAMAGED),
        (PDF.replace(b"<< /Root", b"<< /Encrypt 9 0 R /Root"), "locked.pdf", RefusalCode.FILE_ENCRYPTED),
        (pdf_with(b"5 0 obj << /S /JavaScript /JS (app.alert()) >> endobj"), "js.pdf", RefusalCode.FILE_ACTIVE),
        (pdf_with(b"5 0 obj << /S/J#61vaScript/JS 6 0 R >> endobj"), "hidden.pdf", RefusalCode.FILE_ACTIVE),
        (pdf_with(b"5 0 obj << /S /Launch /F (cmd.exe) >> endobj"), "launch.pdf", RefusalCode.FILE_ACTIVE),
        (pdf_with_packed(b"5 0 << /S /JavaScript /JS (x) >>"), "packed.pdf", RefusalCode.FILE_ACTIVE),
        (docx(**{"word/vbaProject.bin": b"macro"}), "macro.docx", RefusalCode.FILE_ACTIVE),
        (docx(**{"word/embeddings/x.bin": EXE}), "program.docx", RefusalCode.FILE_ACTIVE),
        (docx(**{"word/x.zip": package({"a": b"b"})}), "hidden-zip.docx", RefusalCode.FILE_ACTIVE),
        (docx(**{"../../etc/passwd": b"x"}), "path.docx", RefusalCode.FILE_DAMAGED),
        (docx(**{"word/media/0.xml": b"\0" * (101 * MEGABYTE)}), "bomb.docx", RefusalCode.FILE_EXPANDS),
        (docx(**{f"word/{n}.xml": b"" for n in range(3_001)}), "many.docx", RefusalCode.FILE_EXPANDS),
        (pdf_with(b"1 0 obj stream\n" * 60_000), "streams.pdf", RefusalCode.FILE_EXPANDS),
        (b"\xff\xd8" + b"\xff" * 500_000, "fill.jpg", RefusalCode.FILE_DAMAGED),
        (b"\xff\xd8" + b"\xff\xe0\x00\x02" * 50_000, "segments.jpg", RefusalCode.FILE_DAMAGED),
        (docx(**{"a.docx": docx(**{"b.docx": docx()})}), "nested.docx", RefusalCode.FILE_EXPANDS),
    ],
)
def test_what_cannot_be_read_or_could_act_is_refused_and_leaves_nothing_behind(content, name, code):
    with pytest.raises(Refusal) as refused:
        sent(content, name)
    assert refused.value.code is code
    assert not StoredFile.objects.exists()
    assert not any((settings.FILES_DIR / "incoming").iterdir())


@pytest.mark.django_db
def test_a_disguised_program_is_called_by_its_name():
    with pytest.raises(Refusal) as refused:
        sent(EXE, "执照.pdf")
    assert refused.value.facts == {"ending": "PDF", "actual": "EXE"}


@pytest.mark.django_db
def test_a_package_that_declares_less_than_it_unfolds_is_refused():
    honest = docx(**{"word/media/0.xml": b"\0" * (2 * MEGABYTE)})
    lying = honest.replace(struct.pack("<L", 2 * MEGABYTE), struct.pack("<L", 10))
    assert sent(honest, "a.docx").size == len(honest)
    with pytest.raises(Refusal) as refused:
        sent(lying, "a.docx")
    assert refused.value.code is RefusalCode.FILE_DAMAGED


class Endless:
    """Two gigabytes that exist only while they are read."""

    def __init__(self):
        self.given = 0

    def read(self, size=-1):
        if not self.given:
            self.given = len(PDF)
            return PDF
        self.given += size
        return b"\0" * size if self.given < 2 * 1024 * MEGABYTE else b""


@pytest.mark.django_db
def test_two_gigabytes_are_refused_as_soon_as_they_pass_the_limit():
    flood = Endless()
    with pytest.raises(Refusal) as refused:
        store(flood, "flood.pdf", at=NOW, limit=MEGABYTE)
    assert refused.value.code is RefusalCode.FILE_TOO_LARGE
    assert refused.value.facts == {"most": "1"}
    assert flood.given < 2 * MEGABYTE


@pytest.mark.django_db
def test_the_same_content_is_kept_once_and_mends_a_damaged_copy():
    first = sent(PDF, "a.pdf")
    path_of(first.sha256).write_bytes(b"rotten")
    assert sent(PDF, "b.pdf") == first
    assert path_of(first.sha256).read_bytes() == PDF


@pytest.mark.django_db
def test_orphans_go_after_their_grace_and_not_before():
    old = store_own(b"old paper", "application/pdf", at=NOW - timedelta(days=9))
    again = store_own(b"sent again", "application/pdf", at=NOW - timedelta(days=9))
    store_own(b"sent again", "application/pdf", at=NOW)
    stray = path_of("ab" * 32)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"left by a rolled back step")
    os.utime(stray, ((NOW - timedelta(days=9)).timestamp(),) * 2)
    assert collect_orphans(at=NOW) == 2
    assert not path_of(old.sha256).exists()
    assert not stray.exists()
    assert path_of(again.sha256).exists()


@pytest.mark.django_db
def test_a_file_goes_out_as_what_it_is_and_runs_nothing():
    pdf, word = sent(PDF, "a.pdf"), sent(docx(), "b.docx")
    shown = respond(pdf, "执照 1.pdf", inline=True)
    assert shown["Content-Disposition"] == "inline; filename=\"__ 1.pdf\"; filename*=UTF-8''%E6%89%A7%E7%85%A7%201.pdf"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in shown["Content-Security-Policy"]
    kept = respond(word, "b.docx", inline=True)
    assert kept["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in kept["Content-Security-Policy"]
    assert b"".join(shown.streaming_content) == PDF
    shown.close()
    kept.close()


@pytest.mark.parametrize("asked", ["../../etc/passwd", "", "AB" * 32, "ab" * 31])
def test_only_a_hash_opens_a_file(asked):
    with pytest.raises(ValueError, match="not a SHA-256"):
        open_file(asked)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("营业执照.pdf", "营业执照.pdf"),
        ("C:\\Users\\me\\a.pdf", "a.pdf"),
        ("../../etc/passwd", "passwd"),
        ("gnp\u202efdp.exe", "gnpfdp.exe"),  # shown reversed it would end in .pdf
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie_ x.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ('"><script>.pdf', "___script_.pdf"),
        ("  . .. ", "file"),
        (".pdf", "pdf"),
        ("字" * 10_000 + ".pdf", "字" * 116 + ".pdf"),
        ("e\u0301.pdf", "é.pdf"),
    ],
)
def test_a_name_is_made_safe(given, kept):
    assert safe_name(given) == kept


def test_a_name_cannot_break_out_of_its_header():
    header = content_disposition('a";\r\nX: 1;.pdf')
    assert "\r" not in header
    assert "\n" not in header
    assert header.count('"') == 2
