"""The process that opens a template from outside: ``python -m reports.documents.templating.child``, started by `apart`.

It takes one line of JSON and the bytes of the template on standard input, and answers with one line of JSON and the bytes
of the document. It is confined like the reader of plans (`plans.importing.reading_child`): little memory and time, no
network, no files to write, no other programs. No Django in here: starting it must be quick.
"""

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from docxtpl import DocxTemplate
from lxml import etree

from plans.importing.reading.limits import Archive, UnreadableDocument
from plans.importing.reading_child import confine
from reports.documents.templating.rules import Problem, Shape, environment, problems_in

HEADER, FOOTER, FOOTNOTES = "phần lề trên", "phần lề dưới", "chú thích"
BODY = "nội dung"
ACTIVE = re.compile(r"(^|/)(vbaProject\.bin|activeX/|embeddings/|afchunk)", re.IGNORECASE)
SPECIAL = re.compile(r"\{\{\s*r\s|\{%\s*r\s|\{%\s*(colspan|cellbg|vm|hm)\b")
FETCHING = re.compile(
    r"^\s*(DDE|DDEAUTO|LINK|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|RD|MACROBUTTON)\b",
    re.IGNORECASE | re.MULTILINE,
)
"""Fields with which Word fetches other files, other programs' data or a macro's when the paper is opened."""
_INSTR = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}instr"
MISPLACED = (
    "Thẻ đặt chưa đúng chỗ nên văn bản tạo ra bị hỏng: lặp đoạn văn viết {%p for … %} và {%p endfor %} mỗi thẻ một đoạn riêng; "
    "lặp dòng bảng viết {%tr for … %} và {%tr endfor %} mỗi thẻ một dòng riêng của bảng."
)


class _Template(DocxTemplate):
    """docxtpl, strict: what it renders must be sound XML, and the file's properties are not rendered."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))
        self.special: set[str] = set()

    def fix_tables(self, xml: str) -> Any:
        """Refuse what docxtpl would mend in silence: tags in the wrong place lose words."""
        etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        return super().fix_tables(xml)

    def render_properties(self, context: Any, jinja_env: Any = None) -> None:
        """Leave title and author as they are: they are set from the document's own facts."""

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield every part that is rendered: its name for people, and its source as Jinja will see it."""
        self.render_init()
        yield BODY, self._source(self.get_xml())
        for uri, name in ((self.HEADER_URI, HEADER), (self.FOOTER_URI, FOOTER)):
            for _, part in self.get_headers_footers(uri):
                yield name, self._source(self.get_part_xml(part))
        for part in self.docx.part.package.iter_parts():
            if part.content_type.endswith("footnotes+xml"):
                yield FOOTNOTES, self._source(part.blob.decode("utf-8", "replace"))

    def _source(self, xml: str) -> str:
        """Patch as docxtpl will; its own tags for runs and cells must be seen before, since it takes them away."""
        special = SPECIAL.search(re.sub(r"<[^>]*>", "", xml))
        if special:
            self.special.add(special.group(0).strip())
        return re.sub(r"<w:p([ >])", r"\n<w:p\1", self.patch_xml(xml))


def refused(data: bytes) -> str:
    """Return why a file is not taken as a template, in words; "" when it may be one."""
    archive = Archive(data)
    archive.check_all()
    if "word/document.xml" not in archive.names:
        return "Tệp không phải là văn bản Word (.docx)."
    if any(ACTIVE.search(name) for name in archive.names):
        return "Mẫu chứa macro hoặc tệp nhúng nên bị từ chối. Hãy lưu lại dưới dạng .docx không có macro, bỏ các tệp nhúng."
    for name in archive.names:
        if name.endswith((".xml", ".rels")):
            root = archive.xml(name)
            if name.endswith(".rels") and any(_leads_outside(one) for one in root):
                return (
                    "Mẫu liên kết tới tệp hoặc hình ảnh bên ngoài nên bị từ chối. Hãy chèn trực tiếp hình ảnh vào mẫu."
                )
            if found := FETCHING.search(_fields_of(root)):
                return (
                    f"Mẫu có trường {found[1].upper()} lấy nội dung từ tệp hoặc chương trình khác nên bị từ chối. Hãy bỏ trường "
                    "này, chèn trực tiếp nội dung vào mẫu."
                )
    return ""


def _leads_outside(relation: etree._Element) -> bool:
    return relation.get("TargetMode") == "External" and not str(relation.get("Type", "")).endswith("/hyperlink")


def _fields_of(root: etree._Element) -> str:
    """Return the instructions of the fields of a part; Word may spread one over several runs, each field ends a line."""
    words = []
    for one in root.iter(*(f"{{*}}{name}" for name in ("instrText", "delInstrText", "fldChar", "fldSimple"))):
        words.append((one.text or "") if "nstrText" in one.tag else f"\n{one.get(_INSTR, '')}\n")
    return "".join(words)


def problems_of(template: _Template, shape: Shape) -> list[Problem]:
    """Return all that is wrong in a template, part by part."""
    found: list[Problem] = []
    for name, source in template.parts():
        found += [Problem(f"Thẻ “{tag}” không dùng được trong mẫu.", name) for tag in sorted(template.special)]
        template.special.clear()
        found += problems_in(source, shape, name)
    return found


def answer(question: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    """Check a template and render it: ({"problems": [...]} or {"refused": words} or {"done": True}, document)."""
    try:
        words = refused(data)
        if words:
            return {"refused": words}, b""
        template = _Template(data)
        problems = problems_of(template, question["shape"])
        if problems:
            return {"problems": [one.as_dict() for one in problems]}, b""
        template.render(question["context"], environment())
        facts = template.docx.core_properties
        facts.title, facts.author, facts.comments = question["title"], question["author"], ""
        out = io.BytesIO()
        template.docx.save(out)
        return {"done": True}, out.getvalue()
    except UnreadableDocument as error:
        return {"refused": error.message}, b""
    except etree.XMLSyntaxError:
        return {"problems": [{"words": MISPLACED, "place": BODY}]}, b""


def main() -> None:
    """Take the question, answer, end."""
    confine()
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not mix with the answer
    question = json.loads(sys.stdin.buffer.readline())
    said, document = answer(question, sys.stdin.buffer.read())
    out.write(json.dumps(said, ensure_ascii=False).encode("utf-8", "replace") + b"\n" + document)
    out.flush()


if __name__ == "__main__":
    main()
