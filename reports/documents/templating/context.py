"""What a template is filled with: a report, or a version of a consolidated report, in the names of `variables`.

Frozen rows only; texts are ready to be printed. The built-in layouts use the same words and sentences.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from reports.documents.agency_report import RECIPIENTS, issuer_of_report, row_of
from reports.documents.agency_report import closing as report_closing
from reports.documents.agency_report import opening as report_opening
from reports.documents.agency_report import subject_of as report_subject_of
from reports.documents.annexes import arrival_rows, due_date_of, remark_of
from reports.documents.authors import author_of
from reports.documents.consolidated import closing, opening, recipients_of, subject_of
from reports.documents.letterheads import Issuer, day_short
from reports.documents.wording import (
    amount,
    count,
    listed,
    plan_subject,
    quoted,
    rate,
    roman,
    standing_of,
    without_number,
)
from reports.models import Consolidation, Report
from reports.naming import names_on_paper
from reports.tallies import Tally

NOTHING = "Không có."


def report_context(report: Report, on: date) -> dict[str, Any]:
    """Return the variables of an agency's own report."""
    names, period, issuer = names_on_paper(report), report.period, issuer_of_report(report)
    plan = names["plan"]
    lines = list(report.lines.all())
    as_of = report.filled_on or period.cut_off
    told = report.sections()
    return {
        **_letterhead(issuer, report.number, report.dated_on, on),
        "ten_co_quan": report.agency_name,
        "trich_yeu": report_subject_of(report),
        "kinh_gui": report.addressee_name,
        "ke_hoach": _plan(
            plan["number"], plan["signed_on"], plan["title"], names["province"]["name"], plan["issuer"], plan["year"]
        ),
        "ky_bao_cao": _period(names["period"], period.begins_on, period.ends_on, report.due_date, as_of),
        "mo_dau": report_opening(report),
        "ket_thuc": report_closing(report),
        "so_lieu": tally_values(Tally.of(lines).as_dict(), amount),
        "cac_muc": _sections((section.title, text) for section, text in told),
        **_signature(issuer, report.signed_as, report.signer, RECIPIENTS),
        "nhiem_vu": [row_of(number, line) for number, line in enumerate(lines, 1)],
    }


def consolidation_context(made: Consolidation) -> dict[str, Any]:
    """Return the variables of a consolidated report."""
    figures, author = made.figures, author_of(made)
    plan, period = figures["plan"], figures["period"]
    return {
        **_letterhead(author.issuer, "", None, made.made_on),
        "ten_co_quan": author.name,
        "trich_yeu": subject_of(made),
        "kinh_gui": author.to,
        "ke_hoach": _plan(plan["number"], plan["signed_on"], plan["title"], plan["province"], plan["issuer"], plan["year"]),
        "ky_bao_cao": _period(period["name"], period["begins_on"], period["ends_on"], due_date_of(figures), period["as_of"]),
        "mo_dau": opening(made),
        "ket_thuc": closing(made),
        "so_lieu": tally_values(figures["totals"], amount),
        "cac_muc": _sections((row["title"], made.narrative.get(row["key"], "")) for row in _outline(figures)),
        **_signature(author.issuer, made.signed_as, made.signer, recipients_of(made)),
        "gui_bao_cao": _arrivals(figures["reporting"]),
        "cham_bao_cao": arrival_rows(figures["reporting"]),
        "cac_co_quan": [
            {"stt": number, "co_quan": row["agency"], **tally_values(row["tally"]), "ghi_chu": remark_of(row)}
            for number, row in enumerate(figures["agencies"], 1)
        ],
        "theo_noi_dung": [
            {"stt": number, "ten": _heading(row["headings"]), **tally_values(row["tally"])}
            for number, row in enumerate(figures["sections"], 1)
        ],
        "theo_khoi": [
            {"stt": number, "ten": row["kind"].capitalize(), "so_co_quan": count(row["agencies"]), **tally_values(row["tally"])}
            for number, row in enumerate(figures["kinds"], 1)
        ],
        "ket_qua_nhiem_vu": [_task(number, task) for number, task in enumerate(figures["tasks"], 1)],
        "qua_han": [_overdue(number, row) for number, row in enumerate(figures["overdue"], 1)],
        "bieu_duong": listed(figures["commend"]) or NOTHING,
        "nhac_nho": listed(figures["remind"]) or NOTHING,
        "ket_qua_noi_bat": [
            {"stt": number, "co_quan": row["agency"], "noi_dung": row["text"]}
            for number, row in enumerate(figures["words"].get("results", []), 1)
        ],
        "sap_den_han": [
            {"han": day_short(row["due_date"]), "nhiem_vu": amount(row["tasks"]), "dau_viec": amount(row["items"])}
            for row in figures["coming"]
        ],
    }  # fmt: skip


USUAL = (("results", "Kết quả nổi bật"), ("shortcomings", "Tồn tại, hạn chế và nguyên nhân"), ("obstacles", "Khó khăn, vướng mắc"),
         ("proposals", "Kiến nghị, đề xuất"), ("outlook", "Phương hướng, nhiệm vụ thời gian tới"))  # fmt: skip
"""Sections of versions that were made before outlines were kept with the figures."""


def _outline(figures: dict[str, Any]) -> list[dict[str, str]]:
    return figures.get("outline") or [{"key": key, "title": title} for key, title in USUAL]


def _letterhead(issuer: Issuer, number: str, day: date | None, month: date) -> dict[str, str]:
    head = issuer.letterhead(number, day, month)
    return {
        "co_quan_chu_quan": head.superior.upper(),
        "co_quan_ban_hanh": "\n".join(line.upper() for line in head.issuer),
        "so_ky_hieu": head.number.removeprefix("Số: "),
        "dia_danh_thoi_gian": head.place_and_date,
        "ten_loai": "BÁO CÁO",
        "chi_dan_phu_luc": issuer.reference("Báo cáo", number, day, month),
    }


def _signature(issuer: Issuer, signed_as: str, signer: str, recipients: Iterable[str]) -> dict[str, str]:
    return {
        "quyen_han_ky": "\n".join(issuer.signing(signed_as)),
        "nguoi_ky": signer,
        "noi_nhan": "\n".join(f"- {line}" for line in recipients),
    }


def _plan(number: str, signed_on: date | str, title: str, province: str, issuer: str, year: int) -> dict[str, str]:
    return {
        "so": number,
        "ngay": day_short(signed_on),
        "ten": plan_subject(title, province),
        "co_quan": issuer,
        "nam": str(year),
    }


def _period(name: str, begins: date | str, ends: date | str, due: date | str, as_of: date | str) -> dict[str, str]:
    days = {"tu_ngay": begins, "den_ngay": ends, "han_gui": due, "tinh_den": as_of}
    return {"ten": name} | {key: day_short(day) for key, day in days.items()}


def _sections(told: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [
        {"so": roman(number), "ten": without_number(title), "noi_dung": text.strip() or NOTHING}
        for number, (title, text) in enumerate(told, 1)
    ]


def tally_values(tally: dict[str, Any], write: Any = count) -> dict[str, str]:
    """Return the counts and rates of a tally by the names that templates use; ``write`` prints a number."""
    names = {
        "nhiem_vu": "lines", "dau_viec": "deliveries", "hoan_thanh": "done", "dung_han": "done_on_time",
        "tre_han": "done_late", "cho_xac_nhan": "handed_in", "trong_han": "under_way", "qua_han": "overdue",
    }  # fmt: skip
    return {ours: write(tally[theirs]) for ours, theirs in names.items()} | {
        "ty_le_hoan_thanh": rate(tally["completion_rate"]),
        "ty_le_tren_tong": rate(tally["share_done"]),
        "ty_le_dung_han": rate(tally["on_time_rate"]),
        "cap_nhat_quy": f"{tally['check_points_answered']}/{tally['check_points']}",
    }


def _arrivals(facts: dict[str, Any]) -> dict[str, str]:
    return {
        "phai_gui": amount(facts["expected"]),
        "da_gui": amount(facts["arrived"]),
        "dung_han": amount(facts["on_time"]),
        "gui_cham": amount(len(facts["late"])),
        "chua_gui": amount(len(facts["missing"])),
        "ty_le": rate(round(facts["arrived"] * 100 / facts["expected"], 1)) if facts["expected"] else "-",
    }


def _heading(headings: list[str]) -> str:
    return without_number(headings[-1]) if headings else "Nhiệm vụ khác"


def _task(number: int, task: dict[str, Any]) -> dict[str, Any]:
    words = [line for row in task["words"] for line in quoted(row["agency"], row["results"])]
    return {
        "stt": number,
        "de_muc": _heading(task["headings"]),
        "nhiem_vu": task["text"],
        "thoi_gian": task["time_text"],
        "tinh_hinh": standing_of(task),
        "loi_co_quan": "\n".join(words),
    }


def _overdue(number: int, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "stt": number,
        "co_quan": row["agency"],
        "nhiem_vu": row["text"],
        "han": day_short(row["due_date"]),
        "so_ngay": row["days"],
        "tinh_hinh": row["results"],
    }
