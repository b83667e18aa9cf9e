"""A template to begin with, made from code: it uses every variable, in the layout of the decree."""

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt

from agencies.folding import printable
from reports.documents.letterheads import Issuer
from reports.documents.measuring import width_cm
from reports.documents.templating.variables import REPORT, Variable, variables_of
from reports.documents.word import (
    CELL_MARGINS_CM,
    LEFT_CM,
    MOTTO,
    NATION,
    RIGHT_CM,
    SHORT_RULE,
    SMALL,
    WIDTH_CM,
    Column,
    Paper,
)

TITLE_RULE_CM = 6.0
"""Below an abstract of more than one line."""
NAMES = ("co_quan", "ten", "ghi_chu")
"""Columns that hold words, however short the sample is."""


def example_template(kind: str, issuer: Issuer) -> bytes:
    """Return the example of a kind for an office; rules under its name have the length of its name."""
    paper = _Example("Mẫu báo cáo", issuer.name)
    paper.letterhead_of(issuer)
    paper.title_of()
    paper.addressee("{{ kinh_gui }}")
    paper.paragraph("{{ mo_dau }}")
    _figures(paper)
    if kind != REPORT:
        _consolidated(paper)
    paper.each("muc", "cac_muc")
    paper.heading_as_is("{{ muc.so }}. {{ muc.ten|upper }}")
    paper.paragraph("{{ muc.noi_dung }}")
    paper.end()
    paper.paragraph("{{ ket_thuc }}")
    paper.signature(["{{ quyen_han_ky }}"], "{{ nguoi_ky }}", [])
    paper.recipients()
    _annexes(paper, kind)
    return paper.as_bytes()


def _figures(paper: "_Example") -> None:
    paper.paragraph(
        "Kỳ báo cáo: {{ ky_bao_cao.ten }}, từ ngày {{ ky_bao_cao.tu_ngay }} đến ngày {{ ky_bao_cao.den_ngay }}, hạn gửi "
        "{{ ky_bao_cao.han_gui }}. Kế hoạch số {{ ke_hoach.so }} ngày {{ ke_hoach.ngay }} của {{ ke_hoach.co_quan }} về "
        "{{ ke_hoach.ten }} (kế hoạch năm {{ ke_hoach.nam }}). Cơ quan lập báo cáo: {{ ten_co_quan }}."
    )
    paper.paragraph(
        "Tính đến hết ngày {{ ky_bao_cao.tinh_den }}, có {{ so_lieu.nhiem_vu }} nhiệm vụ với {{ so_lieu.dau_viec }} đầu việc "
        "phải có kết quả: đã hoàn thành {{ so_lieu.hoan_thanh }} (đúng hạn {{ so_lieu.dung_han }}, trễ hạn "
        "{{ so_lieu.tre_han }}); chờ xác nhận {{ so_lieu.cho_xac_nhan }}; trong hạn {{ so_lieu.trong_han }}; quá hạn "
        "{{ so_lieu.qua_han }}. Tỷ lệ hoàn thành {{ so_lieu.ty_le_hoan_thanh }} số đã đến hạn, {{ so_lieu.ty_le_tren_tong }} "
        "tổng số; tỷ lệ đúng hạn {{ so_lieu.ty_le_dung_han }}; cập nhật theo quý {{ so_lieu.cap_nhat_quy }}."
    )


def _consolidated(paper: "_Example") -> None:
    paper.paragraph(
        "Có {{ gui_bao_cao.da_gui }}/{{ gui_bao_cao.phai_gui }} cơ quan đã gửi báo cáo (đạt {{ gui_bao_cao.ty_le }}), trong đó "
        "{{ gui_bao_cao.dung_han }} cơ quan gửi đúng hạn, {{ gui_bao_cao.gui_cham }} cơ quan gửi chậm; "
        "{{ gui_bao_cao.chua_gui }} cơ quan chưa gửi."
    )
    paper.paragraph("Cơ quan thực hiện tốt: {{ bieu_duong }}.")
    paper.paragraph("Cơ quan cần đôn đốc: {{ nhac_nho }}.")
    paper.each("dong", "sap_den_han")
    paper.paragraph("- Hạn {{ dong.han }}: {{ dong.nhiem_vu }} nhiệm vụ với {{ dong.dau_viec }} đầu việc.")
    paper.end()


def _annexes(paper: "_Example", kind: str) -> None:
    lists = [
        variable
        for variable in variables_of(kind)
        if variable.is_list and variable.name not in ("cac_muc", "sap_den_han")
    ]
    numbers = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"] if len(lists) > 1 else [""]
    for number, variable in zip(numbers, lists, strict=False):
        paper.annex(number, variable.label, "{{ chi_dan_phu_luc }}", wide=True)
        paper.table(*_rows(variable), size=11)


def _rows(variable: Variable) -> tuple[list[Column], list[list[object]]]:
    """Return a table with one row for each row of a list; the two rows with tags go when it is filled."""
    fields = list(variable.fields)
    numbered = {"stt": 1.0}
    wide = [
        field.name for field in fields if (field.name in NAMES or len(field.sample) > 12) and field.name not in numbered
    ]
    narrow = 1.5 if len(fields) > 9 else 2.2
    room = 25.0 - sum(numbered.get(field.name, narrow) for field in fields if field.name not in wide)
    columns = [
        Column(
            "TT" if field.name == "stt" else field.label[:1].upper() + field.label[1:],
            room / len(wide) if field.name in wide else numbered.get(field.name, narrow),
            "left" if field.name in wide else "center",
        )
        for field in fields
    ]
    blank: list[object] = [""] * (len(fields) - 1)
    return columns, [
        [f"{{%tr for dong in {variable.name} %}}", *blank],
        [f"{{{{ dong.{field.name} }}}}" for field in fields],
        ["{%tr endfor %}", *blank],
    ]


class _Example(Paper):
    """A paper whose words are tags: names of variables keep their small letters."""

    def letterhead_of(self, issuer: Issuer) -> None:
        """Write the letterhead; the superior's line goes where there is none."""
        (left, right), (number, date) = self._two_columns(LEFT_CM, RIGHT_CM, rows=2)
        self._line(left, "{%p if co_quan_chu_quan %}", size=SMALL)
        self._line(left, "{{ co_quan_chu_quan }}", size=SMALL)
        self._line(left, "{%p endif %}", size=SMALL)
        self._line(left, "{{ co_quan_ban_hanh }}", size=SMALL, bold=True)
        longest = max(width_cm(line.upper(), SMALL, bold=True) for line in issuer.lines)
        room = LEFT_CM - CELL_MARGINS_CM
        self._rule(left, room, min(longest, room) * SHORT_RULE)
        self._line(right, NATION, size=SMALL, bold=True)
        self._line(right, MOTTO, size=13, bold=True)
        self._rule(right, RIGHT_CM - CELL_MARGINS_CM, width_cm(MOTTO, 13, bold=True))
        self._line(number, "Số: {{ so_ky_hieu }}", size=13, before=4)
        self._line(date, "{{ dia_danh_thoi_gian }}", size=13, italic=True, before=4)

    def title_of(self) -> None:
        """Write the kind of paper and what it is about."""
        self._centred("{{ ten_loai }}", before=16)
        self._centred("{{ trich_yeu }}")
        self._rule(self.document, WIDTH_CM, TITLE_RULE_CM, after=10)

    def heading_as_is(self, text: str) -> None:
        """Write a heading of the first level without changing its letters."""
        self.document.add_paragraph(style="Mục 1").add_run(printable(text))

    def each(self, row: str, listed: str) -> None:
        """Begin what is repeated for each row of a list."""
        self.document.add_paragraph(f"{{%p for {row} in {listed} %}}")

    def end(self) -> None:
        """End what is repeated."""
        self.document.add_paragraph("{%p endfor %}")

    def recipients(self) -> None:
        """Put the recipients, which bring their own dashes, below "Nơi nhận:" in the signature's table.

        The lines of titles are copies of one paragraph, so the space above it moves to the paragraph before.
        """
        table = self.document.tables[-1]
        self._line(table.cell(0, 0), "{{ noi_nhan }}", size=11).alignment = ALIGN.LEFT
        for cell in table.rows[0].cells:
            cell.paragraphs[0].paragraph_format.space_before = Pt(0)
