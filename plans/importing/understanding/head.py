"""The head of a plan: number, day, issuer, province, title, year, target, signer; from the letterhead of Decree 30/2020
and, where that is missing, from the line "(Kèm theo Kế hoạch số … ngày … của …)" over an appendix."""

import re
from collections import Counter
from datetime import date

from agencies.folding import fold, squeeze, unaccent
from agencies.units import units
from plans.importing.document import Document, Paragraph, Table
from plans.importing.proposal import PlanHead, Warning
from plans.importing.understanding.letterhead import blanks_in, number_of, parent_of, signed_of
from plans.importing.understanding.messages import warning
from plans.importing.understanding.numbers import split_bullet

_CAPTION_ISSUER = re.compile(
    r"[Kk]èm theo[^()\n]{0,80}?\bcủa\s+(?P<who>(?:Chủ tịch\s+)?(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân|Sở|Ban|Thanh tra)[^()\n]{0,70})"
)
_PLACE_LINE = re.compile(r"^\s*(?P<place>[^\W\d_][^,\d\n]{2,40}),\s*ngày\b", re.MULTILINE)
_TITLE_WORD = re.compile(r"^(?:\**)\s*(KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|Kế hoạch)\s*(?:\**)\s*(?P<rest>.*)$", re.DOTALL)
_BODY_START = re.compile(
    r"^(?:căn cứ|thực hiện (?:kế hoạch|quyết định|nghị quyết|chỉ thị|chương trình|công văn|luật)|để |nhằm |xét |theo |trên cơ sở|"
    r"[ivxa]+\. |1\. |phần |\(kèm theo|\(ban hành)"
)
_YEAR = re.compile(r"(?:năm|cả năm)\s+((?:19|20)\d\d)", re.IGNORECASE)
_LOOKS_BACK = re.compile(r"khắc phục|kết quả|tồn tại|hạn chế|sau khi|rút kinh nghiệm|qua đánh giá")
_RANGE = re.compile(r"giai đoạn\s+((?:19|20)\d\d)\s*[-–]\s*((?:19|20)\d\d)")
_TARGETS = (
    re.compile(
        r"(?:nằm |đứng |xếp |thuộc )?(?:trong |vào )?(?:nhóm|tốp|top)\s+(?:đầu\s+)?\d{1,2}\b[^.;]*", re.IGNORECASE
    ),
    re.compile(
        r"(?:đạt\s+)?(?:từ|trên|tối thiểu|ít nhất|đạt)\s+\d{1,3}(?:[.,]\d+)?\s*%(?:\s+trở lên)?[^.;,]*", re.IGNORECASE
    ),
)
_SIGNERS = re.compile(
    r"^\**(?:TM\.|KT\.|Q\.|TL\.|TUQ\.|(?:PHÓ )?CHỦ TỊCH|(?:PHÓ )?GIÁM ĐỐC|CHÁNH VĂN PHÒNG|CHÁNH THANH TRA|(?:PHÓ )?TRƯỞNG BAN)"
)
_SIGNER_GLUED = re.compile(
    r"(?:CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG BAN|CHÁNH VĂN PHÒNG)\s*\**\s*(?P<name>(?:[A-ZĐ][\w]*\s?){2,5}?)\**$"
)
_LONGEST_LINE = 3000
_SEARCHED = 400_000
"""The head is looked for in so many characters."""
_NAME = re.compile(r"^(?:[^\W\d_]+\.\s?)*(?:[^\W\d_][^\W\d_]*\s){1,4}[^\W\d_]+$")


def read_head(document: Document) -> tuple[PlanHead, list[Warning]]:
    """Read the head; what is missing stays None and gives a warning for the whole document."""
    lines = [line[:_LONGEST_LINE] for line in _opening_lines(document)]
    head = PlanHead()
    opening = "\n".join(lines)
    whole = "\n".join(block.text for block in document.blocks)[:_SEARCHED]
    head.number = number_of(opening, whole)
    head.signed = signed_of(opening, whole, head.number)
    head.province = _province(opening, whole, date.fromisoformat(head.signed) if head.signed else None)
    head.issuer = _issuer(lines, head, whole)
    head.title = _title(lines, whole)
    head.plan_year, doubts = _plan_year(head.title, head.signed, opening)
    head.target = _target(document.paragraphs)
    head.signer = _signer(document)
    head.legal_basis = _legal_basis(document.paragraphs)
    head.parent_number = parent_of(head.number, document.paragraphs)
    return head, [*_missing(head, opening), *doubts]


def _opening_lines(document: Document) -> list[str]:
    """Lines before the first section and the first real table; of a workbook, the rows over the first table."""
    lines: list[str] = []
    for block in document.blocks[:60]:
        if isinstance(block, Table):
            if not block.name.startswith("Khung"):
                return [*lines, *_rows_over_table(block)][:80] if document.format == "xlsx" else lines
            lines.extend(line for row in range(len(block.rows)) for cell in block.distinct(row) for line in cell.lines)
            continue
        if len(lines) > 8 and re.match(r"^(?:[IA]\.|Phần|PHẦN) ", block.printed):
            break
        if document.format != "xlsx":
            lines.extend(line for line in block.printed.split("\n") if line.strip())
    return lines[:80]


def _rows_over_table(table: Table) -> list[str]:
    lines: list[str] = []
    for row in range(min(15, len(table.rows))):
        cells = [cell for cell in table.distinct(row) if cell.text]
        if len(cells) > 2:
            break
        lines.extend(line for cell in cells for line in cell.lines)
    return lines


def _provinces(on: date | None) -> dict[str, str]:
    return {fold(unit.name): unit.name for unit in units() if not unit.parent and (on is None or unit.exists_on(on))}


def _by_district(folded: str, on: date | None) -> str | None:
    """The province whose districts are named most often: a text that never says its own name says theirs."""
    names = {unit.code: unit.name for unit in units() if not unit.parent and (on is None or unit.exists_on(on))}
    counted: Counter[str] = Counter()
    for unit in units():
        if len(unit.parent) == 2 and unit.parent in names and (on is None or unit.exists_on(on)):
            counted[names[unit.parent]] += fold(f"{unit.kind} {unit.name}") in folded
    (first, most), second = [*counted.most_common(2), ("", 0)][:2]
    return first if most > second[1] else None


def _province(opening: str, whole: str, on: date | None) -> str | None:
    """The province named most surely: letterhead, then the place of signing, then "tỉnh X" in the text."""
    names = _provinces(on)
    folded = fold(opening.replace("\n", " "))
    for pattern in (
        r"(?:ủy ban nhân dân|uỷ ban nhân dân|ubnd)\s+(?:tỉnh|thành phố|tp\.?)\s+",
        r"(?:tỉnh|thành phố)\s+",
    ):
        for match in re.finditer(pattern, folded):
            found = _name_at(folded[match.end() :], names)
            if found:
                return found
        if pattern.startswith("(?:ủy"):
            place = _PLACE_LINE.search(opening)
            if place and fold(place["place"]) in names:
                return names[fold(place["place"])]
    rest = fold(whole.replace("\n", " "))[:200_000]
    counted = Counter(
        found
        for match in re.finditer(r"(?:tỉnh|thành phố|địa bàn)\s+", rest)
        if (found := _name_at(rest[match.end() : match.end() + 30], names))
    )
    found = counted.most_common(1)[0][0] if counted else _by_district(rest, on)
    if found:
        return found
    site = re.search(r"\b([a-z]{4,20})\.gov\.vn", rest)
    plain = {unaccent(name).replace(" ", "").replace("-", ""): name for name in names.values()}
    return plain.get(site[1]) if site else None


def _name_at(text: str, names: dict[str, str]) -> str | None:
    """The longest name of a province at the start of folded words."""
    words = re.findall(r"[\w-]+", text[:40])[:4]
    for count in range(len(words), 0, -1):
        found = names.get(" ".join(words[:count]))
        if found:
            return found
    return None


def _issuer(lines: list[str], head: PlanHead, whole: str) -> str | None:
    """The issuing body; the lower line of the letterhead when a department signs under the people's committee."""
    symbol = head.number.split("-", 1)[1] if head.number and "-" in head.number else ""
    province = f" tỉnh {head.province}" if head.province else " tỉnh"
    if head.province in ("Hà Nội", "Hồ Chí Minh", "Hải Phòng", "Đà Nẵng", "Cần Thơ", "Huế"):
        province = f" thành phố {head.province}"
    own = next(
        (
            line
            for line in lines[:12]
            if re.match(r"^(?:sở|ban|thanh tra|văn phòng|công an)\b", fold(line)) and len(line) < 90
        ),
        "",
    )
    if symbol and symbol != "UBND" and own and fold(own) != "ban chỉ đạo":
        return _official(own, whole) + (province.removeprefix(" tỉnh") if fold(own).endswith("tỉnh") else province)
    if symbol == "UBND" or re.search(r"^(?:ủy|uỷ) ban nhân dân|^ubnd", fold(lines[0]) if lines else ""):
        return _committee(lines, head.province, province)
    expanded = _expanded(symbol, whole) if symbol else None
    return expanded + province if expanded else _of_caption(lines, head.province, province)


def _committee(lines: list[str], name: str | None, province: str) -> str:
    """The people's committee: of the province, or of the district or commune that stands below it."""
    local = next(
        (one for one in lines[:8] if re.match(r"^(?:huyện|thị xã|thành phố|xã|phường)\b", fold(one)) and len(one) < 50),
        "",
    )
    if local and fold(name or "") not in fold(local):
        return f"UBND {local[:1].lower()}{squeeze(local).title()[1:]}"
    return f"UBND{province}" if name else "UBND tỉnh"


def _of_caption(lines: list[str], name: str | None, province: str) -> str | None:
    """The issuer that the caption of an appendix names: "(Kèm theo Kế hoạch … của Sở Y tế tỉnh Lâm Đồng)"."""
    caption = _CAPTION_ISSUER.search("\n".join(lines))
    if not caption or not name or fold(name) not in fold(caption["who"]):
        return None
    own = re.sub(r"^Chủ tịch\s+", "", caption["who"])
    return f"UBND{province}" if re.match(r"UBND|[ỦU]", own) else squeeze(own)


def _expanded(symbol: str, whole: str) -> str | None:
    """The department whose initials are the symbol: SGTVT → Sở Giao thông vận tải."""
    wanted = symbol.replace("&", "").replace("-", "").casefold()
    for match in re.finditer(r"\b(?:Sở|Ban|Thanh tra|Văn phòng)\s(?:[^\W\d_]+(?:,| -)?\s?){1,9}", whole[:60_000]):
        words = match[0].split()
        for count in range(2, len(words) + 1):
            initials = "".join(word[0] for word in words[:count] if word[0].isalpha()).casefold()
            if initials == wanted:
                return " ".join(words[:count]).rstrip(",")
    return None


def _official(line: str, whole: str) -> str:
    """A line in capitals as the text below writes it ("SỞ GIAO THÔNG VẬN TẢI" → "Sở Giao thông vận tải")."""
    words = squeeze(line)
    if fold(words) == "văn phòng":
        return "Văn phòng UBND"
    found = next(
        (match[0] for match in re.finditer(re.escape(words), whole, re.IGNORECASE) if match[0] != match[0].upper()),
        None,
    )
    return found or words.capitalize()


def _title(lines: list[str], whole: str) -> str | None:
    for position, line in enumerate(lines):
        match = _TITLE_WORD.match(line.strip())
        if not match or re.match(r"^\s*(?:số|này)\b", match["rest"]):
            continue
        parts = [match["rest"].strip(" *")] if match["rest"].strip(" *") else []
        for following in lines[position + 1 : position + 7]:
            is_title = (
                len(following) < 260 and not _BODY_START.match(fold(following)) and not set(following) <= set("-_*= .")
            )
            if not is_title or (
                parts and (parts[-1].endswith((".", ":")) or (match["rest"] != "" and len(parts[0]) > 30))
            ):
                break
            parts.append(following.strip(" *"))
        title = squeeze(" ".join(parts))
        if title:
            return (
                f"Kế hoạch {_sentence_case(title, whole)}"
                if match[1].casefold() == "kế hoạch"
                else f"{match[1].capitalize()} {_sentence_case(title, whole)}"
            )
    return None


def _sentence_case(title: str, whole: str) -> str:
    """A title in capitals with each word as the text below mostly writes it, so that names and abbreviations stay."""
    if title != title.upper():
        return title[:1].lower() + title[1:] if title[1:2].islower() else title
    forms: dict[str, Counter[str]] = {}
    for word in re.findall(r"[^\W_]+", whole[:150_000]):
        if word != word.upper() or len(word) < 2 or not word.isalpha():
            forms.setdefault(word.casefold(), Counter())[word] += 1
    return re.sub(
        r"[^\W_]+",
        lambda match: forms[match[0].casefold()].most_common(1)[0][0] if match[0].casefold() in forms else match[0],
        title,
    )


def _plan_year(title: str | None, signed: str | None, opening: str) -> tuple[int | None, list[Warning]]:
    """The year of the plan: the last that its title names. One before signing is doubtful: "khắc phục hạn chế năm 2023" in a
    plan of 2024 names the year that is looked back on."""
    signed_year = int(signed[:4]) if signed else None
    for words in (title or "", opening if not title else ""):
        years = _YEAR.findall(words)
        if not years:
            continue
        year = int(years[-1])
        if not signed_year or year >= signed_year:
            return year, []
        taken = signed_year if _LOOKS_BACK.search(fold(words)) else year
        message = f"Tên kế hoạch nêu năm {year} nhưng kế hoạch ký năm {signed_year}; tạm lấy năm {taken}. Hãy xác nhận năm kế hoạch."
        return taken, [warning("year_mismatch", f"năm {year}", message, "Phần đầu văn bản")]
    span = _RANGE.search(title or "")
    if span:
        first, last = int(span[1]), int(span[2])
        return (signed_year if signed_year and first <= signed_year <= last else first), []
    return signed_year, []


def _target(paragraphs: list[Paragraph]) -> str | None:
    """The first measurable aim that speaks of the index, or stands in a section of aims."""
    under_aims = False
    for paragraph in paragraphs[:200]:
        folded = fold(paragraph.printed)
        if re.match(r"^(?:[ivx]+|\d+(?:\.\d+)*|[a-h])[.)] ?", folded) and len(folded) < 90:
            under_aims = bool(re.search(r"mục tiêu|mục đích|chỉ tiêu", folded))
        if not (under_aims or re.match(r"^[\d.\s-]*(?:mục tiêu|phấn đấu)", folded)):
            continue
        if not re.search(r"chỉ số|sipas|hài lòng|par ?index|papi", folded):
            continue
        found = [match for pattern in _TARGETS if (match := pattern.search(paragraph.text))]
        if found:
            start, end = min(one.start() for one in found), max(one.end() for one in found)
            between = paragraph.text[start:end]
            return squeeze(found[0][0] if re.search(r"[.;]\s", between) else between).strip(" ,.")
    return None


def _signer(document: Document) -> str | None:
    lines: list[str] = []
    for block in document.blocks:
        cells = (
            [cell for row in range(len(block.rows)) for cell in block.distinct(row)]
            if isinstance(block, Table) and block.name == "Khung ký tên"
            else []
        )
        lines.extend(line for cell in cells for line in cell.lines)
        if isinstance(block, Paragraph):
            lines.extend(line[:200] for line in block.text.split("\n"))
    for position, line in enumerate(lines):
        if not _SIGNERS.match(line.strip()):
            continue
        glued = _SIGNER_GLUED.search(line.strip())
        if glued and glued["name"].strip() != glued["name"].strip().upper():
            return squeeze(glued["name"])
        for following in lines[position + 1 : position + 7]:
            words = following.strip(" *()")
            if _SIGNERS.match(words) or words.startswith("("):
                continue
            if _NAME.match(words) and len(words) < 40 and words != words.upper() and words.istitle():
                return words
    return None


def _legal_basis(paragraphs: list[Paragraph]) -> list[str]:
    found = [
        paragraph.text.rstrip(";. ")
        for paragraph in paragraphs[:40]
        if re.match(
            r"^Căn cứ\s+(?:Luật|Nghị|Quyết định|Kế hoạch|Chỉ thị|Chương trình|Thông tư|Công văn)",
            split_bullet(paragraph.text)[1],
        )
    ]
    return found[:20]


def _missing(head: PlanHead, opening: str) -> list[Warning]:
    wanted = (
        (head.number, "số, ký hiệu"),
        (head.signed, "ngày ký"),
        (head.issuer, "cơ quan ban hành"),
        (head.province, "tỉnh, thành phố"),
        (head.plan_year, "năm kế hoạch"),
        (head.title, "tên kế hoạch"),
    )
    missing = [words for value, words in wanted if not value]
    if not missing:
        return []
    words = blanks_in(opening, head.number, head.signed)
    blank = " (văn bản để trống)" if words else ""
    message = f"Chưa đọc được {', '.join(missing)}{blank}. Hãy nhập các mục này trước khi lưu."
    return [warning("missing_cell", words, message, "Phần đầu văn bản")]
