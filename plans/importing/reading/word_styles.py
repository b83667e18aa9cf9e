"""Styles and automatic numbers of a .docx: what Word prints that stands in no run of text."""

from dataclasses import dataclass, field

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"))
_ROMAN_TAIL = ((9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def tag(name: str) -> str:
    """The full name of an element of WordprocessingML."""
    return _W + name


def attribute(element: etree._Element, name: str) -> str:
    """An attribute of WordprocessingML, or the empty string."""
    return element.get(_W + name) or ""


def _on(parent: etree._Element | None, name: str) -> bool | None:
    """The value of a switch such as ``w:b``; None when it is not there."""
    element = parent.find(tag(name)) if parent is not None else None
    return None if element is None else attribute(element, "val") not in ("0", "false", "off")


@dataclass(frozen=True)
class Style:
    """What a paragraph inherits: emphasis, outline level (1 is the highest) and numbering (numId, level)."""

    bold: bool = False
    centred: bool = False
    level: int | None = None
    number_id: str = ""
    number_level: int = 0


class Styles:
    """The styles of a document, with their inheritance resolved."""

    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._default = ""
        self._resolved: dict[str, Style] = {}
        self.has_old_fonts = False
        for style in root.iter(tag("style")) if root is not None else ():
            self._elements[attribute(style, "styleId")] = style
            if attribute(style, "type") == "paragraph" and attribute(style, "default") in ("1", "true"):
                self._default = attribute(style, "styleId")
        if root is not None:
            fonts = {attribute(font, "ascii") for font in root.iter(tag("rFonts"))}
            self.has_old_fonts = any(font.startswith((".Vn", "VNI-")) for font in fonts)

    def of(self, paragraph: etree._Element) -> Style:
        """The style of a paragraph with its own settings on top."""
        properties = paragraph.find(tag("pPr"))
        named = properties.find(tag("pStyle")) if properties is not None else None
        base = self._resolve(attribute(named, "val") if named is not None else self._default)
        return base if properties is None else _with_properties(base, properties)

    def _resolve(self, style_id: str, depth: int = 0) -> Style:
        if style_id in self._resolved or style_id not in self._elements or depth > 20:
            return self._resolved.get(style_id, Style())
        element = self._elements[style_id]
        parent = element.find(tag("basedOn"))
        base = self._resolve(attribute(parent, "val"), depth + 1) if parent is not None else Style()
        bold = _on(element.find(tag("rPr")), "b")
        base = Style(base.bold if bold is None else bold, base.centred, base.level, base.number_id, base.number_level)
        properties = element.find(tag("pPr"))
        style = base if properties is None else _with_properties(base, properties)
        self._resolved[style_id] = style
        return style


def _with_properties(base: Style, properties: etree._Element) -> Style:
    align = properties.find(tag("jc"))
    outline = properties.find(tag("outlineLvl"))
    numbering = properties.find(tag("numPr"))
    number_id, number_level = base.number_id, base.number_level
    if numbering is not None:
        identity, level = numbering.find(tag("numId")), numbering.find(tag("ilvl"))
        number_id = attribute(identity, "val") if identity is not None else number_id
        number_level = _integer(level, 0)
    return Style(
        base.bold,
        attribute(align, "val") == "center" if align is not None else base.centred,
        _integer(outline, 9) + 1 if outline is not None and _integer(outline, 9) < 9 else base.level,
        number_id,
        number_level,
    )


def _integer(element: etree._Element | None, default: int) -> int:
    value = attribute(element, "val") if element is not None else ""
    return int(value) if value.lstrip("-").isdigit() else default


@dataclass
class _Level:
    format: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class _List:
    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts paragraphs as Word does; ask once for each paragraph, in the order of the document."""

    def __init__(self, root: etree._Element | None) -> None:
        lists: dict[str, _List] = {}
        self._lists: dict[str, _List] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        for abstract in root.findall(tag("abstractNum")):
            lists[attribute(abstract, "abstractNumId")] = _read_list(abstract)
        for number in root.findall(tag("num")):
            reference = number.find(tag("abstractNumId"))
            identity = attribute(number, "numId")
            if reference is not None and attribute(reference, "val") in lists:
                self._lists[identity] = lists[attribute(reference, "val")]
            for override in number.findall(tag("lvlOverride")):
                start = override.find(tag("startOverride"))
                level = attribute(override, "ilvl")
                if start is not None and level.isdigit():
                    self._restarts.setdefault(identity, {})[int(level)] = _integer(start, 1)

    def label(self, paragraph: etree._Element, style: Style) -> str:
        """The number printed in front of this paragraph ("1.2.", "-"), or the empty string."""
        numbered = self._lists.get(style.number_id)
        if numbered is None or style.number_level not in numbered.levels:
            return ""
        depth = style.number_level
        level = numbered.levels[depth]
        if level.format == "bullet":
            return "+" if level.text.strip() == "+" else "-"
        restart = self._restarts.get(style.number_id, {}).pop(depth, None)
        present = numbered.counts.get(depth)
        numbered.counts[depth] = restart if restart is not None else level.start if present is None else present + 1
        for deeper in [key for key in numbered.counts if key > depth]:
            del numbered.counts[deeper]
        return _label(numbered, level)


def _read_list(abstract: etree._Element) -> _List:
    numbered = _List()
    for element in abstract.findall(tag("lvl")):
        depth, formatted, text = attribute(element, "ilvl"), element.find(tag("numFmt")), element.find(tag("lvlText"))
        if depth.isdigit():
            numbered.levels[int(depth)] = _Level(
                attribute(formatted, "val") if formatted is not None else "decimal",
                attribute(text, "val") if text is not None else "",
                _integer(element.find(tag("start")), 1),
            )
    return numbered


def _label(numbered: _List, level: _Level) -> str:
    words = level.text
    for depth in range(9):
        if f"%{depth + 1}" in words:
            other = numbered.levels.get(depth, _Level())
            words = words.replace(f"%{depth + 1}", _format(numbered.counts.get(depth, other.start), other.format))
    return words.strip()


def _format(number: int, kind: str) -> str:
    number = min(max(number, 0), 9999)
    if kind in ("upperRoman", "lowerRoman"):
        roman = ""
        for value, letters in _ROMAN + _ROMAN_TAIL:
            while number >= value:
                roman += letters
                number -= value
        return roman if kind == "upperRoman" else roman.lower()
    if kind in ("upperLetter", "lowerLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind == "decimalZero":
        return f"{number:02d}"
    return "" if kind == "none" else str(number)
