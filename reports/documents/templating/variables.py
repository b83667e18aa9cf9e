"""The variables that a template may ask for, with what they mean for people and a sample of each.

The names are Vietnamese without accents, as officers type them. A text may hold several lines or paragraphs. Everything
comes from frozen rows: a report's lines, or the figures of a consolidation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from reports.documents.wording import roman

REPORT, CONSOLIDATION = "report", "consolidation"
"""Kinds of templates: an agency's own report, and a consolidated report."""
BOTH = (REPORT, CONSOLIDATION)


@dataclass(frozen=True, slots=True)
class Field:
    """A value inside a group or a row: what it is, and a sample."""

    name: str
    label: str
    sample: str


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: a text (no fields), a group of values (``is_list`` off), or a list of rows (``is_list`` on)."""

    name: str
    label: str
    sample: str = ""
    fields: tuple[Field, ...] = ()
    is_list: bool = False
    kinds: tuple[str, ...] = BOTH

    @property
    def example(self) -> str:
        """How it is written in a template."""
        if not self.fields:
            return f"{{{{ {self.name} }}}}"
        if not self.is_list:
            return f"{{{{ {self.name}.{self.fields[0].name} }}}}"
        return f"{{%p for dong in {self.name} %}} … {{{{ dong.{self.fields[0].name} }}}} … {{%p endfor %}}"


TALLY = (
    Field("nhiem_vu", "số nhiệm vụ", "33"),
    Field("dau_viec", "số đầu việc phải có kết quả", "120"),
    Field("hoan_thanh", "đã hoàn thành", "90"),
    Field("dung_han", "hoàn thành đúng hạn", "85"),
    Field("tre_han", "hoàn thành trễ hạn", "05"),
    Field("cho_xac_nhan", "chờ xác nhận", "04"),
    Field("trong_han", "đang thực hiện trong hạn", "20"),
    Field("qua_han", "quá hạn chưa hoàn thành", "06"),
    Field("ty_le_hoan_thanh", "tỷ lệ hoàn thành trên số đã đến hạn", "93,8%"),
    Field("ty_le_tren_tong", "tỷ lệ hoàn thành trên tổng số", "75%"),
    Field("ty_le_dung_han", "tỷ lệ đúng hạn", "94,4%"),
    Field("cap_nhat_quy", "số mốc quý đã cập nhật/đã qua", "30/33"),
)
ROW = Field("stt", "số thứ tự", "1")
AGENCY = Field("co_quan", "tên cơ quan", "Sở Y tế")

VARIABLES: tuple[Variable, ...] = (
    Variable("co_quan_chu_quan", "cơ quan chủ quản, in hoa (có thể trống)", "UBND TỈNH VĨNH PHÚC"),
    Variable("co_quan_ban_hanh", "cơ quan ban hành, in hoa", "SỞ NỘI VỤ"),
    Variable("ten_co_quan", "tên cơ quan ban hành trong câu", "Sở Nội vụ"),
    Variable("so_ky_hieu", "số, ký hiệu (để trống số khi chưa có)", "45/BC-SNV"),
    Variable("dia_danh_thoi_gian", "địa danh và thời gian ban hành", "Vĩnh Phúc, ngày 05 tháng 6 năm 2024"),
    Variable("ten_loai", "tên loại văn bản, in hoa", "BÁO CÁO"),
    Variable("trich_yeu", "trích yếu nội dung", "Kết quả thực hiện Kế hoạch nâng cao sự hài lòng của người dân 6 tháng đầu năm 2024"),
    Variable("kinh_gui", "nơi gửi báo cáo", "Ủy ban nhân dân tỉnh Vĩnh Phúc"),
    Variable(
        "ke_hoach", "kế hoạch được báo cáo", fields=(
            Field("so", "số, ký hiệu", "82/KH-UBND"), Field("ngay", "ngày ban hành", "20/3/2024"),
            Field("ten", "tên kế hoạch trong câu", "nâng cao sự hài lòng của người dân năm 2024"),
            Field("co_quan", "cơ quan ban hành", "UBND tỉnh Vĩnh Phúc"), Field("nam", "năm", "2024"),
        ),
    ),
    Variable(
        "ky_bao_cao", "kỳ báo cáo", fields=(
            Field("ten", "tên kỳ", "6 tháng đầu năm 2024"), Field("tu_ngay", "từ ngày", "01/01/2024"),
            Field("den_ngay", "đến ngày", "30/6/2024"), Field("han_gui", "hạn gửi báo cáo", "09/6/2024"),
            Field("tinh_den", "số liệu tính đến hết ngày", "09/6/2024"),
        ),
    ),
    Variable("mo_dau", "đoạn mở đầu soạn sẵn", "Thực hiện Kế hoạch số 82/KH-UBND ngày 20/3/2024, Sở Nội vụ báo cáo như sau:"),
    Variable("ket_thuc", "đoạn kết soạn sẵn, có “./.”", "Trên đây là báo cáo kết quả thực hiện, Sở Nội vụ trân trọng báo cáo./."),
    Variable("so_lieu", "số liệu chung", fields=TALLY),
    Variable(
        "cac_muc", "các mục lời văn theo đề cương", is_list=True, fields=(
            Field("so", "số La Mã", "I"), Field("ten", "tên mục", "Kết quả nổi bật trong kỳ"),
            Field("noi_dung", "lời văn của mục", "Đã ban hành kế hoạch triển khai.\nĐã tập huấn 03 lớp."),
        ),
    ),
    Variable("quyen_han_ky", "quyền hạn, chức vụ của người ký, in hoa", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"),
    Variable("nguoi_ky", "họ tên người ký (có thể trống)", "Trần Thị B"),
    Variable("noi_nhan", "nơi nhận, mỗi dòng có gạch đầu dòng và dấu câu", "- Như trên;\n- Lưu: VT."),
    Variable("chi_dan_phu_luc", "chỉ dẫn kèm theo của phụ lục", "Kèm theo Báo cáo số 45/BC-SNV ngày 05 tháng 6 năm 2024 của Sở Nội vụ"),
    Variable(
        "nhiem_vu", "các nhiệm vụ trong báo cáo, theo thứ tự của kế hoạch", is_list=True, kinds=(REPORT,), fields=(
            ROW, Field("noi_dung", "nội dung nhiệm vụ", "Rà soát, đơn giản hóa thủ tục hành chính"),
            Field("vai_tro", "vai trò", "Chủ trì"), Field("thoi_gian", "thời gian ghi trong kế hoạch", "Quý II"),
            Field("tinh_trang", "tình trạng", "Đã hoàn thành\n(đúng hạn)"), Field("tien_do", "tiến độ (%)", "100"),
            Field("ket_qua", "kết quả, tình hình thực hiện", "Đã rà soát 12 thủ tục."),
        ),
    ),
    Variable(
        "gui_bao_cao", "tình hình gửi báo cáo", kinds=(CONSOLIDATION,), fields=(
            Field("phai_gui", "số cơ quan phải gửi", "40"), Field("da_gui", "số đã gửi", "38"),
            Field("dung_han", "số gửi đúng hạn", "35"), Field("gui_cham", "số gửi chậm", "03"),
            Field("chua_gui", "số chưa gửi", "02"), Field("ty_le", "tỷ lệ đã gửi", "95%"),
        ),
    ),
    Variable(
        "cham_bao_cao", "các cơ quan gửi chậm, chưa gửi, không phải gửi", is_list=True, kinds=(CONSOLIDATION,), fields=(
            ROW, AGENCY, Field("tinh_trang", "tình trạng", "Gửi chậm"), Field("ngay_gui", "ngày gửi", "12/6/2024"),
            Field("so_ngay", "số ngày chậm", "3"), Field("ghi_chu", "ghi chú, lý do", "Sáp nhập"),
        ),
    ),
    Variable(
        "cac_co_quan", "kết quả của từng cơ quan", is_list=True, kinds=(CONSOLIDATION,),
        fields=(ROW, AGENCY, *TALLY, Field("ghi_chu", "ghi chú", "Thực hiện tốt")),
    ),
    Variable(
        "theo_noi_dung", "kết quả theo nội dung kế hoạch", is_list=True, kinds=(CONSOLIDATION,),
        fields=(ROW, Field("ten", "đề mục", "Cải cách thủ tục hành chính"), *TALLY),
    ),
    Variable(
        "theo_khoi", "kết quả theo khối cơ quan", is_list=True, kinds=(CONSOLIDATION,),
        fields=(ROW, Field("ten", "khối cơ quan", "Sở"), Field("so_co_quan", "số cơ quan", "18"), *TALLY),
    ),
    Variable(
        "ket_qua_nhiem_vu", "kết quả từng nhiệm vụ theo thứ tự của kế hoạch", is_list=True, kinds=(CONSOLIDATION,), fields=(
            ROW, Field("de_muc", "đề mục", "Cải cách thủ tục hành chính"),
            Field("nhiem_vu", "nhiệm vụ", "Rà soát, đơn giản hóa thủ tục hành chính"),
            Field("thoi_gian", "thời gian ghi trong kế hoạch", "Quý II"),
            Field("tinh_hinh", "tình hình thực hiện", "41 cơ quan thực hiện, gồm 30 cơ quan đã hoàn thành."),
            Field("loi_co_quan", "lời của cơ quan chủ trì", "Sở Y tế: đã rà soát 12 thủ tục."),
        ),
    ),
    Variable(
        "qua_han", "đầu việc quá hạn chưa hoàn thành", is_list=True, kinds=(CONSOLIDATION,), fields=(
            ROW, AGENCY, Field("nhiem_vu", "nhiệm vụ", "Rà soát, đơn giản hóa thủ tục hành chính"),
            Field("han", "hạn", "31/3/2024"), Field("so_ngay", "số ngày quá hạn", "70"),
            Field("tinh_hinh", "tình hình thực hiện", "Đang thực hiện."),
        ),
    ),
    Variable("bieu_duong", "cơ quan thực hiện tốt, cách nhau dấu chấm phẩy", "Sở Y tế; Sở Tư pháp", kinds=(CONSOLIDATION,)),
    Variable("nhac_nho", "cơ quan cần đôn đốc, cách nhau dấu chấm phẩy", "Sở Xây dựng", kinds=(CONSOLIDATION,)),
    Variable(
        "ket_qua_noi_bat", "kết quả nổi bật của từng cơ quan", is_list=True, kinds=(CONSOLIDATION,),
        fields=(ROW, AGENCY, Field("noi_dung", "lời của cơ quan", "Đã ban hành kế hoạch triển khai.")),
    ),
    Variable(
        "sap_den_han", "nhiệm vụ đến hạn thời gian tới", is_list=True, kinds=(CONSOLIDATION,), fields=(
            Field("han", "hạn", "30/6/2024"), Field("nhiem_vu", "số nhiệm vụ", "12"), Field("dau_viec", "số đầu việc", "250"),
        ),
    ),
)  # fmt: skip


def variables_of(kind: str) -> list[Variable]:
    """Return what a template of this kind may ask for."""
    return [variable for variable in VARIABLES if kind in variable.kinds]


def shape_of(kind: str) -> dict[str, dict[str, Any]]:
    """Return the variables as `rules` wants them: {name: {"fields": [names], "is_list": bool}}."""
    return {
        variable.name: {"fields": [field.name for field in variable.fields], "is_list": variable.is_list}
        for variable in variables_of(kind)
    }


def sample_of(kind: str, rows: int = 3) -> dict[str, Any]:
    """Return sample values in the shape of a real context; lists have ``rows`` rows."""
    sample: dict[str, Any] = {}
    for variable in variables_of(kind):
        row = {field.name: field.sample for field in variable.fields}
        if variable.is_list:
            numbers: dict[str, Callable[[int], str]] = {"stt": str, "so": roman}
            sample[variable.name] = [
                row | {name: write(number) for name, write in numbers.items() if name in row}
                for number in range(1, rows + 1)
            ]
        else:
            sample[variable.name] = row or variable.sample
    return sample
