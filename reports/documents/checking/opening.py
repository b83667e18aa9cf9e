"""Opening a Word file from anywhere, with the care that imported plans get: no bomb, no entity, no crash."""

from dataclasses import dataclass

from lxml import etree

from plans.importing.reading.limits import (
    MAX_BYTES,
    MAX_CHARACTERS,
    Archive,
    UnreadableDocument,
    check_size,
    refuse_ole,
)
from reports.documents.checking.formatting import Formatting, tag, value

MAIN = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
MAX_ELEMENTS = 1_500_000
"""Of the main part: a thousand pages have about 400,000."""
_OLE, _ZIP = b"\xd0\xcf\x11\xe0", b"PK"


class Unreadable(Exception):
    """The file is no Word document that can be read; ``message`` says so in Vietnamese, with what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Opened:
    """The parts of a Word file that the check reads."""

    body: etree._Element
    formatting: Formatting
    settings: etree._Element | None
    headers: dict[str, etree._Element]
    """Headers and footers by the id of their relation."""


def open_word(data: bytes) -> Opened:
    """Return the parts of a .docx. Raises `Unreadable` for whatever is none, is locked, damaged or dangerous."""
    try:
        return _open(data)
    except UnreadableDocument as error:
        raise Unreadable(_WORDS.get(error.code, error.message)) from error


_WORDS = {
    "empty": "Tệp rỗng, không có nội dung. Hãy chọn lại tệp Word.",
    "too_large": f"Tệp quá lớn (giới hạn {MAX_BYTES // 1024 // 1024} MB). Hãy bỏ bớt hình ảnh rồi thử lại.",
    "password": "Tệp được đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu, lưu lại rồi thử lại.",
    "old_format": "Đây là tệp Office đời cũ (.doc, .xls). Hãy mở bằng Word, lưu thành dạng .docx rồi thử lại.",
    "damaged": "Tệp bị hỏng hoặc chưa tải về đủ. Hãy mở bằng Word để kiểm tra, lưu lại rồi thử lại.",
    "not_a_document": "Tệp không phải là văn bản Word (.docx).",
    "dangerous": "Tệp chứa khai báo không an toàn nên bị từ chối. Hãy mở bằng Word, lưu lại rồi thử lại.",
    "zip_bomb": "Tệp nén có dung lượng giải nén bất thường nên bị từ chối. Hãy mở bằng Word, lưu lại rồi thử lại.",
}
"""Said to whoever checks a document; the import of plans speaks of plans."""


def _open(data: bytes) -> Opened:
    check_size(data)
    if data.startswith(_OLE):
        refuse_ole(data)
    if not data.startswith(_ZIP):
        raise Unreadable(_WORDS["not_a_document"])
    archive = Archive(data)
    if MAIN not in archive.names:
        raise Unreadable("Tệp không phải là văn bản Word (.docx): không có phần nội dung word/document.xml.")
    root = archive.xml(MAIN)
    body = root.find(tag("body"))
    if body is None:
        raise Unreadable("Tệp Word không có nội dung. Hãy chọn lại tệp.")
    _refuse_endless(body)
    formatting = Formatting(
        _optional(archive, "word/styles.xml"),
        _optional(archive, "word/theme/theme1.xml"),
        _optional(archive, "word/numbering.xml"),
    )
    return Opened(body, formatting, _optional(archive, "word/settings.xml"), _headers(archive))


def _refuse_endless(body: etree._Element) -> None:
    characters = 0
    for count, element in enumerate(body.iter()):
        characters += len(element.text or "")
        if count > MAX_ELEMENTS or characters > MAX_CHARACTERS:
            raise Unreadable("Văn bản quá dài (hơn một nghìn trang). Hãy tách thành các tệp nhỏ hơn rồi thử lại.")


def _optional(archive: Archive, name: str) -> etree._Element | None:
    return archive.xml(name) if name in archive.names else None


def _headers(archive: Archive) -> dict[str, etree._Element]:
    relations = _optional(archive, RELATIONS)
    found: dict[str, etree._Element] = {}
    for relation in relations if relations is not None else ():
        kind, target = str(relation.get("Type", "")), str(relation.get("Target", ""))
        if kind.endswith(("/header", "/footer")):
            name = target.lstrip("/") if target.startswith("/") else f"word/{target}"
            if name in archive.names:
                found[str(relation.get("Id", ""))] = archive.xml(name)
    return found


def is_on(settings: etree._Element | None, name: str) -> bool:
    """Say whether a switch of the document's settings is on."""
    mark = settings.find(tag(name)) if settings is not None else None
    return mark is not None and (value(mark) or "true") not in ("0", "false", "off")
