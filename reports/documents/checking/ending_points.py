"""Points of the lower part: who signs, who receives, and the annexes."""

import re

from reports.documents.checking.letterhead_points import MAIN, capitals, missing, style
from reports.documents.checking.lines import Line
from reports.documents.checking.page_points import place_of
from reports.documents.checking.parts import Parts
from reports.documents.checking.points import Found, appendix, point

SIGNATURE, RECIPIENTS, ANNEX = appendix(MAIN, "7"), appendix(MAIN, "9d"), appendix("III", "1")
PREFIX = re.compile(r"^(TM|KT|TL|TUQ|Q)\. \S")
WRONG_PREFIX = re.compile(r"^(T/?M|K/?T|T/?L|T/?U/?Q|Q)(?!\w)")
COLLECTIVE = ("ỦY BAN", "UỶ BAN", "HỘI ĐỒNG", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "ĐOÀN CHỦ TỊCH")
ACADEMIC = re.compile(r"^(GS|PGS|TS|ThS|NGND|NGƯT|BS|Luật sư|Tiến sĩ|Thạc sĩ|Giáo sư)[.\s]")
ROMAN = re.compile(r"^(?=.)(X{0,3})(IX|IV|V?I{0,3})$")
FORMS = "TM. (thay mặt tập thể), KT. (cấp phó), TL. (thừa lệnh), TUQ. (thừa ủy quyền), Q. (quyền), rồi đến chức vụ"


@point("Người ký: thẩm quyền, chức vụ", FORMS, appendix(MAIN, "7a, 7b"))
def signature_form(parts: Parts) -> list[Found] | None:
    """The lines above the signature: on whose behalf, for whom, and the title of who signs."""
    titles = parts.signing_titles
    if not titles:
        return missing("thẩm quyền, chức vụ của người ký", "cuối văn bản")
    words = [line.words for line in titles]
    found = [
        Found(line.words, line.place)
        for line in titles
        if WRONG_PREFIX.match(line.words) and not PREFIX.match(line.words)
    ]
    if words[0].upper().startswith(COLLECTIVE):
        found.append(Found(f"{words[0]} (thiếu “TM.”)", titles[0].place))
    issuer = " ".join(line.words for line in parts.issuer)
    own = issuer.startswith(("ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN")) and words[0].startswith(
        ("CHỦ TỊCH", "KT. CHỦ TỊCH", "Q. CHỦ TỊCH")
    )
    if own:
        found.append(Found(f"{words[0]} (thiếu “TM. ỦY BAN NHÂN DÂN”)", titles[0].place))
    return found + _followed(titles)


def _followed(titles: list[Line]) -> list[Found]:
    """TM., KT., TL. and TUQ. need the signer's own title below; for KT. that of a deputy."""
    found = []
    for line, after in _with_next(titles):
        prefix = line.words.split(".")[0] if PREFIX.match(line.words) else ""
        if prefix in ("TM", "TL", "TUQ", "KT") and after is None:
            found.append(Found(f"{line.words} (thiếu chức vụ người ký)", line.place))
        elif prefix == "KT" and after is not None and not re.match(r"(Q\. )?PHÓ\b", after.words.upper()):
            found.append(Found(f"{line.words} / {after.words} (không phải cấp phó)", after.place))
    return found


@point("Người ký: kiểu chữ", "quyền hạn, chức vụ in hoa, cỡ 13 đến 14, đứng, đậm, canh giữa", SIGNATURE)
def signature_style(parts: Parts) -> list[Found] | None:
    """How the titles look."""
    titles = parts.signing_titles
    if not titles:
        return None
    small = [Found("không in hoa", place_of(line)) for line in titles if not capitals(line.words)]
    aside = [Found("không canh giữa", place_of(line)) for line in titles if not line.is_centred]
    return small + aside + style(titles, (13, 14), bold=True)


@point("Họ tên người ký", "chữ in thường, cỡ 13 đến 14, đứng, đậm; không ghi học hàm, học vị", SIGNATURE)
def signer_style(parts: Parts) -> list[Found] | None:
    """How the name looks; a draft has none yet."""
    line = parts.signer
    if line is None:
        return None
    found = style([line], (13, 14), bold=True)
    if capitals(line.words):
        found.append(Found("in hoa", place_of(line)))
    if ACADEMIC.match(line.words):
        found.append(Found("ghi học hàm, học vị", place_of(line)))
    return found


@point("Nơi nhận: dòng đầu", "“Nơi nhận:” cỡ 12, nghiêng, đậm, có dấu hai chấm", RECIPIENTS)
def recipients_heading(parts: Parts) -> list[Found] | None:
    """The words "Nơi nhận:"."""
    if not parts.recipients:
        return missing("“Nơi nhận”", "cuối văn bản")
    head = parts.recipients[0]
    found = [] if head.words == "Nơi nhận:" else [Found(head.words, head.place)]
    return found + style([head], (12, 12), bold=True, italic=True)


@point("Nơi nhận: danh sách", "cỡ 11, đứng; mỗi nơi một dòng, gạch đầu dòng, cuối dòng dấu chấm phẩy", RECIPIENTS)
def recipients_list(parts: Parts) -> list[Found] | None:
    """The list of recipients, without its last line."""
    if not parts.recipients:
        return None
    listed = parts.recipients[1:]
    found = style(listed, (11, 11), bold=False)
    found += [
        Found("không gạch đầu dòng", place_of(line)) for line in _entries(listed) if not line.words.startswith("-")
    ]
    found += [
        Found("thiếu dấu chấm phẩy", place_of(line)) for line in _ends(listed[:-1]) if not line.words.endswith(";")
    ]
    return found


def _entries(listed: list[Line]) -> list[Line]:
    """Return lines that begin an entry: the one above has ended."""
    before = [None, *listed]
    return [
        line
        for above, line in zip(before, listed, strict=False)
        if above is None or above.words.endswith((";", ".", ":"))
    ]


def _ends(listed: list[Line]) -> list[Line]:
    """Return lines that end an entry: the next begins with a dash."""
    return [line for line, below in _with_next(listed) if below is None or below.words.startswith("-")]


def _with_next(lines: list[Line]) -> list[tuple[Line, Line | None]]:
    """Return each line with the one below it; None below the last."""
    return list(zip(lines, [*lines[1:], None][: len(lines)], strict=True))


@point(
    "Nơi nhận: dòng lưu",
    "dòng cuối “- Lưu: VT.” hoặc “- Lưu: VT, <đơn vị soạn thảo>.”, kết thúc bằng dấu chấm",
    RECIPIENTS,
)
def recipients_last_line(parts: Parts) -> list[Found] | None:
    """The copy that is kept."""
    if len(parts.recipients) < 2:
        return None
    last = parts.recipients[-1]
    well = re.fullmatch(r"-\s?Lưu:\s?VT(,[^.;]+(\.\s?[^.;]+)*)?(\s?\(\d+\w?\))?\.", last.words)
    return [] if well else [Found(last.words, last.place)]


@point(
    "Phụ lục: từ “Phụ lục” và tên",
    "“Phụ lục” và số La Mã (khi có từ hai phụ lục): in thường, cỡ 14, đứng, đậm; tên phụ lục in hoa, cỡ 13 đến 14, đứng, "
    "đậm; đều canh giữa",
    ANNEX,
)
def annex_heading(parts: Parts) -> list[Found] | None:
    """The head of every annex, its number and its name."""
    heads = parts.annex_heads
    if not heads:
        return None
    found = style(heads, (14, 14), bold=True)
    found += [
        Found("không canh giữa hoặc in hoa", place_of(head))
        for head in heads
        if not head.is_centred or head.words.isupper()
    ]
    for head in heads:
        number = head.words.removeprefix("Phụ lục").strip(" .:")
        if (len(heads) > 1 and not number) or (number and not ROMAN.match(number)):
            found.append(Found(f"“{head.words}” không đánh số La Mã", head.place))
        name = parts.below(head)[:1]
        if not name or not capitals(name[0].words):
            found.append(Found("tên phụ lục không in hoa", place_of(name[0] if name else head)))
        found += style(name, (13, 14), bold=True)
    return found


@point(
    "Phụ lục: chỉ dẫn kèm theo",
    "dưới tên phụ lục: “(Kèm theo … số … ngày … tháng … năm … của …)”, cỡ 13 đến 14, nghiêng, canh giữa",
    ANNEX,
)
def annex_reference(parts: Parts) -> list[Found] | None:
    """Every annex says to which paper it belongs."""
    if not parts.annex_heads:
        return None
    found = []
    for head in parts.annex_heads:
        lines = [line for line in parts.below(head) if line.key.startswith("(kem theo")]
        if not lines:
            found.append(Found("thiếu dòng “(Kèm theo …)”", place_of(head)))
            continue
        whole = " ".join(line.words for line in parts.below(head)[parts.below(head).index(lines[0]) :])
        if not re.search(r"số.*ngày.*của", whole) or not whole.endswith(")"):
            found.append(Found(whole, lines[0].place))
        found += style(lines, (13, 14), bold=False, italic=True)
    return found
