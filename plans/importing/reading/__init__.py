"""Reading: the bytes of a file → a `Document`. The kind of file is told by its content, not by its name."""

from plans.importing.document import Document
from plans.importing.reading import pdf, plain, sheets, web, word
from plans.importing.reading.limits import (
    Archive,
    Budget,
    UnreadableDocument,
    check_size,
    damaged,
    not_a_document,
    refuse_ole,
)
from plans.importing.reading.pages import join_tables

__all__ = ["UnreadableDocument", "read_document"]

_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


def read_document(data: bytes, filename: str = "", *, budget: Budget | None = None) -> Document:
    """Read a plan's file (.docx, .xlsx, .pdf with a text layer, text, HTML, Markdown).

    Raises ``UnreadableDocument`` with words for the person when the file is empty, too large, locked, damaged, of an
    old or foreign kind, or built to harm; never another exception. Time and memory are bounded (`limits`).
    """
    check_size(data)
    budget = budget or Budget()
    try:
        document = _read(data, filename, budget)
        document.blocks = join_tables(document.blocks)
    except (UnreadableDocument, KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:  # any library may stumble over a damaged file: the person gets words, not a traceback
        raise damaged() from error
    return document


def _read(data: bytes, filename: str, budget: Budget) -> Document:
    start = data[:1024].lstrip(b"\xef\xbb\xbf\x00\t\r\n ")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        refuse_ole(data)
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"):
        return _read_archive(data, budget)
    if b"%PDF-" in data[:1024]:
        return pdf.read(data, budget)
    if data.startswith(_PICTURES):
        raise UnreadableDocument(
            "Đây là tệp hình ảnh. Hãy dùng bản .docx của kế hoạch, hoặc nhận dạng chữ (OCR) rồi dán nội dung vào.",
            "scan",
        )
    if start.startswith(b"{\\rtf"):
        raise UnreadableDocument(
            "Đây là tệp .rtf. Hãy mở bằng Word, chọn Lưu thành (Save As) dạng .docx rồi nhập lại.", "old_format"
        )
    text, remarks = plain.decode(data)
    if web.looks_like_html(text, filename):
        return web.read(text, budget, remarks)
    return plain.read(text, budget, remarks)


def _read_archive(data: bytes, budget: Budget) -> Document:
    archive = Archive(data)
    if any(name.lower().endswith("vbaproject.bin") for name in archive.names):
        raise UnreadableDocument(
            "Tệp có chứa macro nên bị từ chối. Hãy lưu lại dạng .docx hoặc .xlsx (không có macro) rồi nhập lại.",
            "macro",
        )
    if word.is_word(archive):
        return word.read(archive, budget)
    if "xl/workbook.xml" in archive.names:
        return sheets.read(archive, budget)
    raise not_a_document()
