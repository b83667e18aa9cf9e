"""What we refuse to open, and the words that tell a person what to do instead.

A file comes from outside: it may be broken, locked, or built to exhaust the server. Every limit is checked while
unpacking, never taken from what the file says about itself.
"""

import io
import re
import time
import zipfile
from collections.abc import Callable

import olefile
from lxml import etree

MAX_BYTES = 25 * 1024 * 1024
MAX_PARTS = 5000
MAX_PART_BYTES = 60 * 1024 * 1024
MAX_RATIO = 250
"""A part may unpack to this many times its packed size; ordinary documents stay below 60."""
SMALL_PART = 2 * 1024 * 1024
"""Below this size the ratio does not matter."""
MAX_CELLS = 150_000
MAX_CHARACTERS = 2_500_000
"""About a thousand pages."""
_NO_MEMORY = (0, None, etree.ErrorTypes.ERR_NO_MEMORY)
MAX_SECONDS = 60
"""A reading in a process of its own ends earlier when little is found (`plans.importing.reading_apart`)."""
WORDS_A_CELL = 10
CELLS_A_ROW = 5
"""Of an ordinary row of a table of tasks, at least: what has no words is no row, however many lines are drawn."""


class UnreadableDocument(Exception):
    """The file cannot be read; ``message`` says in Vietnamese why and what to do, ``code`` is stable for programs."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class Budget:
    """Counts cells, characters and seconds of one reading and stops it when there are too many.

    ``found`` is told how many rows of tables with words in them were read so far (roughly), now and then.
    """

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, found: Callable[[int], None] | None = None
    ) -> None:
        self._clock = clock
        self._found = found
        self._told = 0
        self._until = clock() + MAX_SECONDS
        self._cells = 0
        self._characters = 0

    def spend(self, cells: int = 0, characters: int = 0) -> None:
        """Take note of what was read; raises ``UnreadableDocument`` beyond the limits."""
        self._cells += cells
        self._characters += characters
        if self._cells > MAX_CELLS or self._characters > MAX_CHARACTERS:
            raise UnreadableDocument(
                f"Tệp có quá nhiều dữ liệu (giới hạn {MAX_CELLS:,} ô bảng). "
                "Hãy tách riêng phần kế hoạch và bảng nhiệm vụ rồi nhập lại.".replace(",", "."),
                "too_many_rows",
            )
        if self._clock() > self._until:
            raise too_slow()
        rows = min(self._cells, self._characters // WORDS_A_CELL) // CELLS_A_ROW
        if self._found and rows >= self._told + 20:
            self._told = rows
            self._found(rows)


def check_size(data: bytes) -> None:
    """Refuse an empty file and one above ``MAX_BYTES``."""
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise UnreadableDocument("Tệp rỗng, không có nội dung. Hãy chọn lại tệp kế hoạch.", "empty")
    if len(data) > MAX_BYTES:
        raise UnreadableDocument(
            f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB. Hãy bỏ bớt hình ảnh hoặc tách riêng phần kế hoạch rồi nhập lại.",
            "too_large",
        )


def refuse_ole(data: bytes) -> None:
    """Always raises: an OLE file is a locked document, or one of the formats before 2007."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            names = {"/".join(entry) for entry in ole.listdir()}
    except Exception as error:  # olefile raises many kinds of errors on damaged files
        raise damaged() from error
    if "EncryptedPackage" in names or "EncryptionInfo" in names:
        raise locked()
    if "WordDocument" in names:
        raise UnreadableDocument(
            "Đây là tệp Word đời cũ (.doc). Hãy mở bằng Word, chọn Lưu thành (Save As) dạng .docx rồi nhập lại.",
            "old_format",
        )
    if names & {"Workbook", "Book"}:
        raise UnreadableDocument(
            "Đây là tệp Excel đời cũ (.xls). Hãy mở bằng Excel, chọn Lưu thành (Save As) dạng .xlsx rồi nhập lại.",
            "old_format",
        )
    raise not_a_document()


def locked() -> UnreadableDocument:
    """The refusal of a document with a password."""
    return UnreadableDocument("Tệp được đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi nhập lại.", "password")


def damaged() -> UnreadableDocument:
    """The refusal of a file that breaks off or does not keep to its format."""
    return UnreadableDocument(
        "Tệp bị hỏng hoặc tải về chưa đủ. Hãy mở tệp trên máy để kiểm tra, lưu lại rồi nhập lại.", "damaged"
    )


def too_slow() -> UnreadableDocument:
    """The refusal of a file that takes more time than its rows are worth."""
    return UnreadableDocument(
        "Đọc tệp mất quá nhiều thời gian. Hãy tách riêng bảng nhiệm vụ hoặc lưu lại dưới dạng .docx rồi thử lại.",
        "too_slow",
    )


def too_demanding() -> UnreadableDocument:
    """The refusal of a file that takes more memory than a plan may."""
    return UnreadableDocument(
        "Tệp cần quá nhiều bộ nhớ để đọc. Hãy bỏ hình ảnh, tách riêng phần kế hoạch và bảng nhiệm vụ rồi nhập lại.",
        "too_large",
    )


def not_a_document() -> UnreadableDocument:
    """The refusal of everything that is no document of a known kind."""
    return UnreadableDocument(
        "Tệp không phải là văn bản đọc được. Hệ thống nhận .docx, .xlsx, .pdf (có lớp chữ), .txt, .html và .md.",
        "not_a_document",
    )


def dangerous() -> UnreadableDocument:
    """The refusal of XML that declares entities: no office program writes them."""
    return UnreadableDocument(
        "Tệp chứa khai báo không an toàn nên bị từ chối. Hãy mở bằng Word hoặc Excel, lưu lại rồi nhập lại.",
        "dangerous",
    )


class Archive:
    """A zip file opened with care: parts are read up to a limit, whatever the directory promises."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.names = set(self._zip.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise damaged() from error
        infos = self._zip.infolist()
        if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > 4 * MAX_PART_BYTES:
            raise _bomb()
        if any(info.flag_bits & 1 for info in infos):
            raise locked()

    def read(self, name: str) -> bytes:
        """Unpack one part; raises ``UnreadableDocument`` when it is missing, damaged or a bomb."""
        try:
            info = self._zip.getinfo(name)
            with self._zip.open(info) as stream:
                limit = min(MAX_PART_BYTES, max(SMALL_PART, info.compress_size * MAX_RATIO))
                data = stream.read(limit + 1)
        except UnreadableDocument:
            raise
        except Exception as error:  # zipfile, zlib and lzma each have their own errors for damaged data
            raise damaged() from error
        if len(data) > limit:
            raise _bomb()
        return data

    def check_all(self) -> None:
        """Unpack every part once, for readers that open the archive themselves."""
        for name in sorted(self.names):
            if not name.endswith("/"):
                self.read(name)

    def xml(self, name: str) -> etree._Element:
        """Parse one part without network, entities or document type."""
        return parse_xml(self.read(name))


def parse_xml(data: bytes) -> etree._Element:
    """Parse XML from outside; a document type declaration is refused (entity bombs, external entities)."""
    plain = data[:4096] if data[:2] not in (b"\xff\xfe", b"\xfe\xff") else data[:8192].replace(b"\x00", b"")
    if re.search(rb"<!(DOCTYPE|ENTITY)", plain, re.IGNORECASE):
        raise dangerous()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        # libxml2 that finds no memory says so by its code, or says nothing at all.
        raise (too_demanding() if error.code in _NO_MEMORY else damaged()) from error
    except ValueError as error:
        raise damaged() from error
    if root is None or root.getroottree().docinfo.doctype:
        raise dangerous()
    return root


def _bomb() -> UnreadableDocument:
    return UnreadableDocument(
        "Tệp nén có dung lượng giải nén bất thường nên bị từ chối. Hãy mở bằng Word hoặc Excel, lưu lại rồi nhập lại.",
        "zip_bomb",
    )
