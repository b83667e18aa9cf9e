"""Makes plan files of every format from one readable page of text, so that a test shows the document itself.

A page is a text of lines. A line that starts with "|" is a row of a table, its cells between bars; lines of a table
that stand together are one table. "<" is a cell merged with the one to its left, "^" with the one above; "!|" starts a
row that Word repeats on every page, "x|" one struck out with tracked changes. "== Tên" starts an Excel sheet
("== Tên (ẩn)" a hidden one), "---" a new page, "--- ngang" a landscape one. Everything else is a paragraph; "# …" is
bold and centred.

Words may hold: "//" a new paragraph inside a cell, "⏎" a line break, "→" a tab, "[-…-]" words struck out with tracked
changes, "[+…+]" words added, "[~…~]" hidden words, "[=…=]" a content control, "[fn …]" a footnote, "[box …]" a text box,
"[#list.level]" an automatic number, "[tbl a ; b / c ; d]" a table inside the cell, "**…**" bold words.

In Excel "d:2024-06-30" is a real date, "m:2024-06-01" one shown as month and year, "n:1.1" a number, "p:0.3" a
percentage, "f:A4+1=2" a formula with the value it last had; a row that starts with "~|" is hidden, a column whose head
starts with "~" too.
"""

import datetime
import html
import io
import re
import zipfile
from collections.abc import Iterator

import openpyxl

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:v="urn:schemas-microsoft-com:vml"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MARK = re.compile(
    r"(\[-.*?-\]|\[\+.*?\+\]|\[~.*?~\]|\[=.*?=\]|\[fn [^\]]*\]|\[box [^\]]*\]|\[#\d+\.\d+\]|\[tbl [^\]]*\]|\*\*.*?\*\*|⏎|→)"
)
#: The automatic numbers: list → (format, text) of each level.
LISTS = {
    1: [("decimal", "%1")],
    2: [("upperRoman", "%1"), ("decimal", "%2"), ("lowerLetter", "%3)")],
    3: [("decimal", "%1."), ("decimal", "%1.%2."), ("decimal", "%1.%2.%3.")],
    4: [("bullet", "-")],
    5: [("decimalZero", "%1")],
}

Row = list[str]
Block = str | list[Row]


def blocks(page: str) -> Iterator[tuple[str, Block]]:
    """Give the blocks of a page: ("text", line) and ("table", rows); a row begins with its mark "", "!" or "~"."""
    rows: list[Row] = []
    for line in [*page.strip("\n").split("\n"), ""]:
        found = re.match(r"([!~x]?)\|(.*?)\|?\s*$", line.strip())
        if found:
            rows.append([found[1], *(cell.strip() for cell in found[2].split("|"))])
            continue
        if rows:
            yield "table", rows
            rows = []
        yield "text", line.strip()


def spans(rows: list[Row]) -> dict[tuple[int, int], tuple[int, int]]:
    """Give each upper left cell its height and width, from the marks "<" and "^"; columns count from 1."""
    width = max(len(row) for row in rows)
    for row in rows:
        row.extend([""] * (width - len(row)))
    found = {}
    for top, row in enumerate(rows):
        for left in range(1, width):
            if row[left] in "<^" and row[left]:
                continue
            right = left + 1
            while right < width and row[right] == "<":
                right += 1
            bottom = top + 1
            while bottom < len(rows) and rows[bottom][left] == "^":
                bottom += 1
            found[top, left] = (bottom - top, right - left)
    return found


# ---------------------------------------------------------------------------------------------------------------- Word


def _run(words: str, properties: str = "", tag: str = "w:t") -> str:
    body = html.escape(words, quote=False)
    return (
        f'<w:r>{f"<w:rPr>{properties}</w:rPr>" if properties else ""}<{tag} xml:space="preserve">{body}</{tag}></w:r>'
    )


def _box(words: str) -> str:
    inner = f"<w:txbxContent><w:p>{_run(words)}</w:p></w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData '
        f'uri="x"><wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def _inline(words: str, notes: list[str], look: str = "") -> str:
    out = []
    for part in MARK.split(words):
        inner = part[2:-2]
        if part == "⏎":
            out.append("<w:r><w:br/></w:r>")
        elif part == "→":
            out.append("<w:r><w:tab/></w:r>")
        elif part.startswith("**"):
            out.append(_run(inner, "<w:b/>"))
        elif part.startswith("[-"):
            out.append(f'<w:del w:id="9" w:author="a">{_run(inner, tag="w:delText")}</w:del>')
        elif part.startswith("[+"):
            out.append(f'<w:ins w:id="8" w:author="a">{_run(inner)}</w:ins>')
        elif part.startswith("[~"):
            out.append(_run(inner, "<w:vanish/>"))
        elif part.startswith("[="):
            out.append(f"<w:sdt><w:sdtPr/><w:sdtContent>{_run(inner)}</w:sdtContent></w:sdt>")
        elif part.startswith("[fn "):
            notes.append(part[4:-1])
            out.append(f'<w:r><w:footnoteReference w:id="{len(notes)}"/></w:r>')
        elif part.startswith("[box "):
            out.append(_box(part[5:-1]))
        elif part:
            out.append(_run(part, look))
    return "".join(out)


def _paragraph(words: str, notes: list[str], properties: str = "", look: str = "") -> str:
    found = re.match(r"\s*\[#(\d+)\.(\d+)\]", words)
    if found:
        properties += f'<w:numPr><w:ilvl w:val="{found[2]}"/><w:numId w:val="{found[1]}"/></w:numPr>'
        words = words[found.end() :]
    return f"<w:p><w:pPr>{properties}</w:pPr>{_inline(words.strip(), notes, look)}</w:p>"


def _cell_body(words: str, notes: list[str]) -> str:
    found = re.search(r"\[tbl ([^\]]*)\]", words)
    inner = ""
    if found:
        rows = [["", *(cell.strip() for cell in row.split(";"))] for row in found[1].split("/")]
        inner = _word_table(rows, notes) + "<w:p/>"
        words = words.replace(found[0], "")
    return "".join(_paragraph(part, notes) for part in words.split("//")) + inner


def _word_table(rows: list[Row], notes: list[str], borders: str = "") -> str:
    sizes = spans(rows)
    columns = '<w:gridCol w:w="1400"/>' * (len(rows[0]) - 1)
    out = [f"<w:tbl><w:tblPr>{borders}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>"]
    owner = {}
    for (top, left), (height, width) in sizes.items():
        owner |= {(row, left): (row == top, height, width) for row in range(top, top + height)}
    for top, row in enumerate(rows):
        mark = {"!": "<w:trPr><w:tblHeader/></w:trPr>", "x": '<w:trPr><w:del w:id="7" w:author="a"/></w:trPr>'}
        out.append(f"<w:tr>{mark.get(row[0], '')}")
        for left in range(1, len(row)):
            if (top, left) not in owner:
                continue
            first, height, width = owner[top, left]
            merge = "" if height == 1 else '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
            span = f'<w:gridSpan w:val="{width}"/>' if width > 1 else ""
            body = _cell_body(row[left], notes) if first else "<w:p/>"
            out.append(f'<w:tc><w:tcPr><w:tcW w:w="{1400 * width}" w:type="dxa"/>{span}{merge}</w:tcPr>{body}</w:tc>')
        out.append("</w:tr>")
    return "".join(out) + "</w:tbl>"


def _numbering() -> str:
    out = []
    for number, levels in LISTS.items():
        lines = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for level, (form, text) in enumerate(levels)
        )
        out.append(f'<w:abstractNum w:abstractNumId="{number}">{lines}</w:abstractNum>')
    out += [f'<w:num w:numId="{one}"><w:abstractNumId w:val="{one}"/></w:num>' for one in LISTS]
    return f'<w:numbering xmlns:w="{W}">{"".join(out)}</w:numbering>'


BORDERS = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4"/>' for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)
SIZES = {False: (11906, 16838, ""), True: (16838, 11906, ' w:orient="landscape"')}
PAGE = '<w:sectPr>{3}<w:pgSz w:w="{0}" w:h="{1}"{2}/><w:pgMar w:top="1134" w:right="850" w:bottom="1134" w:left="1134"/></w:sectPr>'


def docx_file(page: str, borders: str = BORDERS, running: tuple[str, str] = ("", "")) -> bytes:
    """A .docx file of a page, written part by part as Word writes it; ``running`` stand above and below every page."""
    notes: list[str] = []
    body = []
    landscape = False
    shown = "".join(
        f'<w:{kind}Reference w:type="default" r:id="r{kind}"/>' for kind in ("header", "footer") if any(running)
    )
    for kind, block in blocks(page):
        if kind == "table":
            body.append(_word_table(block, notes, borders))  # type: ignore[arg-type]
        elif str(block).startswith("---"):
            body.append(f"<w:p><w:pPr>{PAGE.format(*SIZES[landscape], shown)}</w:pPr></w:p>")
            landscape = "ngang" in str(block)
        elif str(block).startswith("# "):
            body.append(_paragraph(str(block)[2:], notes, '<w:jc w:val="center"/>', "<w:b/>"))
        else:
            body.append(_paragraph(str(block), notes))
    feet = "".join(f'<w:footnote w:id="{n}"><w:p>{_run(note)}</w:p></w:footnote>' for n, note in enumerate(notes, 1))
    parts = {
        "word/document.xml": f"<w:document {SPACES}><w:body>{''.join(body)}{PAGE.format(*SIZES[landscape], shown)}</w:body></w:document>",
        "word/numbering.xml": _numbering(),
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{W}">{feet}</w:footnotes>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Liberation '
        'Serif" w:hAnsi="Liberation Serif" w:cs="Liberation Serif"/><w:sz w:val="24"/></w:rPr></w:rPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        "</w:styles>",
    }
    if any(running):
        number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        parts["word/header.xml"] = f'<w:hdr xmlns:w="{W}"><w:p>{_run(running[0])}</w:p></w:hdr>'
        parts["word/footer.xml"] = f'<w:ftr xmlns:w="{W}"><w:p>{_run(running[1] + " ")}{number}</w:p></w:ftr>'
    return _package(parts)


def _package(parts: dict[str, str]) -> bytes:
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml."
    names = {name[5:-4]: name[5:-4] for name in parts} | {"document": "document.main"}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{main}{kind}+xml"/>' for name, kind in names.items()
    )
    links = "".join(
        f'<Relationship Id="r{name}" Type="{OFFICE}/{name}" Target="{name}.xml"/>' for name in list(names)[1:]
    )
    package = "http://schemas.openxmlformats.org/package/2006"
    parts |= {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        f'"application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text)
    return buffer.getvalue()


# --------------------------------------------------------------------------------------------------------------- Excel


def _value(words: str) -> object:
    words = words.replace(" // ", "\n").replace("⏎", "\n").replace("**", "")
    kind, _, rest = words.partition(":")
    if kind in ("d", "m"):
        return datetime.datetime.fromisoformat(rest)
    if kind in ("n", "p"):
        return float(rest) if "." in rest else int(rest)
    if kind == "f":
        return "=" + rest.rpartition("=")[0]
    return words or None


def xlsx_file(page: str) -> bytes:
    """An .xlsx file of a page; the lines above a table stand in its first column."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheet = None
    kept: dict[str, str] = {}
    line = 0
    for kind, block in blocks(page):
        if kind == "text" and str(block).startswith("== "):
            name = str(block)[3:]
            sheet = book.create_sheet(name.removesuffix(" (ẩn)"))
            sheet.sheet_state = "hidden" if name.endswith(" (ẩn)") else "visible"
            line = 0
            continue
        sheet = sheet or book.create_sheet("Sheet1")
        if kind == "text":
            line += 1
            if block:
                sheet.cell(line, 1, str(block).removeprefix("# "))
            continue
        sizes = spans(block)  # type: ignore[arg-type]
        for top, row in enumerate(block):
            sheet.row_dimensions[line + top + 1].hidden = row[0] == "~"
            for left in range(1, len(row)):
                if (top, left) not in sizes:
                    continue
                words = row[left]
                if words.startswith("~"):
                    sheet.column_dimensions[openpyxl.utils.get_column_letter(left)].hidden = True
                    words = words[1:]
                cell = sheet.cell(line + top + 1, left, _value(words))
                cell.number_format = {"m:": "mm/yyyy", "p:": "0%", "d:": "dd/mm/yyyy"}.get(words[:2], "General")
                if words.startswith("f:"):
                    kept[words[2:].rpartition("=")[0]] = words.rpartition("=")[2]
                height, width = sizes[top, left]
                if height > 1 or width > 1:
                    sheet.merge_cells(
                        start_row=line + top + 1,
                        end_row=line + top + height,
                        start_column=left,
                        end_column=left + width - 1,
                    )
        line += len(block)
    buffer = io.BytesIO()
    book.save(buffer)
    return _with_values(buffer.getvalue(), kept)


def _with_values(data: bytes, kept: dict[str, str]) -> bytes:
    """Write the last values of formulas into the sheets, as Excel does when it saves."""
    if not kept:
        return data
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                for formula, value in kept.items():
                    written = html.escape(formula, quote=False)
                    pattern = rf"<c r=\"(\w+)\"([^>]*)><f>{re.escape(written)}</f><v ?/?>(</v>)?</c>"
                    kind = "" if re.fullmatch(r"[\d.]+", value) else ' t="str"'
                    fresh = rf'<c r="\1"{kind}><f>{written}</f><v>{value}</v></c>'.replace("\\1", "\\g<1>")
                    text = re.sub(pattern, fresh, text.decode()).encode()
            new.writestr(name, text)
    return buffer.getvalue()


# ------------------------------------------------------------------------------------------------- HTML, pasted words


def _marked_up(words: str) -> str:
    words = html.escape(words, quote=False)
    words = re.sub(r"\*\*(.*?)\*\*", r"<b>\1</b>", words)
    return words.replace("⏎", "<br>")


def html_file(page: str, *, from_word: bool = False) -> str:
    """The HTML of a page; ``from_word`` as Word puts it on the clipboard."""
    out = []
    paragraph = '<p class=MsoNormal style="text-align:justify">{}<o:p></o:p></p>' if from_word else "<p>{}</p>"
    for kind, block in blocks(page):
        if kind == "text":
            words = _marked_up(str(block).removeprefix("# "))
            out.append(paragraph.format(words) if words else "")
            continue
        sizes = spans(block)  # type: ignore[arg-type]
        out.append("<table class=MsoTableGrid border=1>" if from_word else "<table>")
        for top, row in enumerate(block):
            out.append("<tr>")
            for left in range(1, len(row)):
                if (top, left) in sizes:
                    height, width = sizes[top, left]
                    span = (f" rowspan={height}" if height > 1 else "") + (f" colspan={width}" if width > 1 else "")
                    inner = "".join(paragraph.format(_marked_up(part.strip())) for part in row[left].split("//"))
                    out.append(
                        f"<td{span}>{inner if from_word else inner.replace('<p>', '').replace('</p>', '<br>')}</td>"
                    )
            out.append("</tr>")
        out.append("</table>")
    body = "\n".join(out)
    if not from_word:
        return body
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset=utf-8><style><!-- p.MsoNormal '
        "{margin:0cm;} --></style><!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head>"
        f"<body lang=VI><!--StartFragment-->{body}<!--EndFragment--></body></html>"
    )


def pasted(page: str) -> str:
    """The page as Excel or Word puts it on the clipboard as plain text: tabs between cells, quotes round lines."""
    out = []
    for kind, block in blocks(page):
        if kind == "text":
            out.append(str(block).removeprefix("# "))
            continue
        for row in block:
            cells = []
            for words in row[1:]:
                words = "" if words in ("<", "^") else words.replace(" // ", "\n").replace("⏎", "\n")
                cells.append('"' + words.replace('"', '""') + '"' if "\n" in words else words)
            out.append("\t".join(cells))
    return "\n".join(out)


def line_by_line(page: str) -> str:
    """The page as it comes from a web site whose tables were lost: every cell on a line of its own."""
    out = []
    for kind, block in blocks(page):
        if kind == "text":
            out.append(str(block).removeprefix("# "))
            continue
        sizes = spans(block)  # type: ignore[arg-type]
        for top, row in enumerate(block):
            out += [row[left].replace(" // ", "\n") for left in range(1, len(row)) if (top, left) in sizes]
    return "\n".join(out)
