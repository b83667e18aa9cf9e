"""Bodies that are not there on the plan's day, or not in its province: what is said of them, and who took over."""

import datetime as dt

from agencies import standard

from .catalogue import Name, without_level
from .cells import CellWarning
from .context import Context
from .localities import Locality
from .roles import Draft

_ENDED = standard.MERGED - dt.timedelta(days=1)
_DISTRICTS = ("huyện", "huyện đảo", "thị xã", "thành phố", "quận")
_OF_A_PROVINCE = (
    "department", "equivalent", "board", "armed_force", "central_vertical", "press", "mass_organisation", "party",
    "superior",
)  # fmt: skip


def dated(official: str, name: Name, on: dt.date | None) -> CellWarning | None:
    """Return the warning of a body that had ended on the signing day, is doubtful since a reform, or came later."""
    if on is None:
        return None
    if name.valid_to and on > name.valid_to:
        return _obsolete(official, f"đã kết thúc hoạt động ngày {name.valid_to:%d/%m/%Y}", name.successors)
    if name.reorganised and on >= name.reorganised:
        became = f" (nay thường là {', '.join(name.successors)})" if name.successors else ""
        return CellWarning(
            "obsolete_agency",
            official,
            f"{official} được tổ chức lại trong đợt sắp xếp năm {name.reorganised.year}{became}: kiểm tra lại tên.",
        )
    if name.valid_from and (name.valid_from - on).days > 60:
        return CellWarning(
            "unknown_agency",
            official,
            f"{official} có từ ngày {name.valid_from:%d/%m/%Y}, sau ngày ký: kiểm tra lại tên.",
        )
    return None


def ended_locality(place: Locality, on: dt.date | None) -> CellWarning | None:
    """Return the warning of a named district or thị trấn in a plan signed since the two levels."""
    if on is None or on < standard.MERGED or place.place not in (*_DISTRICTS, "thị trấn"):
        return None
    heirs = {"UBND": "UBND các xã, phường", "Công an": "Công an các xã, phường"}.get(place.unit, "cấp xã")
    return _obsolete(place.official, f"đã kết thúc hoạt động ngày {_ENDED:%d/%m/%Y}", (f"{heirs} trên địa bàn",))


def of_other_province(
    name: Name, printed: str, province: str, context: Context
) -> tuple[Draft, CellWarning | None] | None:
    """Return a body that is named with another province than the plan's: it keeps its full name and stands in no
    register here. One of a province that was merged into the plan's says which body took over.
    """
    own = context.province
    if not province or not own or standard.province_of(province) == standard.province_of(own):
        return None
    if name.kind not in _OF_A_PROVINCE or (name.kind != "department" and not name.name.endswith(" tỉnh")):
        return None
    place = standard.full_province(province, context.on)
    bare = without_level(name.name)
    official = f"{bare} {place.removeprefix('tỉnh ')}" if name.kind == "press" else f"{bare} {place}"
    draft = Draft(printed, official, False, None, known=False, candidates=(name.name,))
    heir = standard.merged_into(province, context.on)
    if heir and standard.province_of(heir) == standard.province_of(own):
        took = f"{bare} {standard.full_province(heir, context.on)}"
        ended = f"đã kết thúc hoạt động ngày {_ENDED:%d/%m/%Y}"
        return draft, _obsolete(official, ended, (took,))
    words = f"{official} không thuộc {standard.full_province(own, context.on)}: kiểm tra lại, chọn trong danh bạ hoặc thêm mới."
    return draft, CellWarning("unknown_agency", official, words)


def _obsolete(official: str, ended: str, heirs: tuple[str, ...]) -> CellWarning:
    took = f"; nhiệm vụ do {', '.join(heirs)} tiếp nhận" if heirs else ""
    return CellWarning("obsolete_agency", official, f"{official} {ended}, trước ngày ký{took}.")
