"""Which criteria of the method a task seems to serve: proposed from its headings and words, confirmed by a person.

Nothing here knows a code: the caller passes the (code, name) pairs of its framework, so a new method needs no change as
long as its criteria speak of the same things. Precision matters more than completeness: a person adds a missing link in a
moment, but has to doubt every link when many are wrong.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypedDict

from rapidfuzz import fuzz

from agencies.folding import fold

CriterionName = tuple[str, str]
"""Code and printed name of a criterion or of a factor over criteria ("I.2.1", "Tiếp cận dịch vụ hành chính công")."""


class NamedCriterion(TypedDict):
    """A proposed link: "high" where words and heading agree or the words are unmistakable, else "medium"."""

    code: str
    confidence: str
    why: str


_SUBJECTS: tuple[tuple[str, str, str], ...] = (
    # (in the name of the criterion, in the words of the task, "high" where these words alone suffice)
    (r"thông tin về các chính sách", r"(?:cung cấp|giải thích)[^.;]{0,40}thông tin về (?:các )?chính sách|"
     r"(?:công khai|minh bạch)[^.;]{0,30}thông tin[^.;]{0,10}chính sách|tuyên truyền[^.;]{0,12}các chính sách", "medium"),
    (r"trách nhiệm giải trình", r"trách nhiệm giải trình|giải thích thông tin về (?:các )?chính sách", "medium"),
    (r"công khai, minh bạch", r"công khai,? minh bạch|công khai[^.;]{0,60}thông tin (?:về )?(?:các )?chính sách", "medium"),
    (r"tham gia góp ý|sẵn sàng tham gia góp ý",
     r"(?:lấy ý kiến|xin ý kiến|góp ý|tham gia ý kiến)[^.;]{0,60}(?:chính sách|dự thảo|quy hoạch)", "high"),
    (r"nêu ý kiến đánh giá", r"ý kiến đánh giá|lấy ý kiến góp ý của người dân đối với|đo lường sự hài lòng của người dân với", "medium"),
    (r"tham gia giám sát", r"(?:người dân|nhân dân)[^.;]{0,40}giám sát|đối thoại[^.;]{0,40}(?:người dân|nhân dân)", "medium"),
    (r"chính sách phát triển kinh tế|kinh tế[ ,-]*(?:gia đình|xã hội)", r"phát triển kinh tế(?!\W{1,3}xã hội)|thu hút đầu tư", "high"),
    (r"khám,? chữa bệnh|bệnh vi[êệ]n", r"khám,? chữa bệnh|bệnh viện|trạm y tế", "high"),
    (r"giáo dục phổ thông|trường phổ thông", r"chất lượng giáo dục|cơ sở giáo dục|dạy (?:và )?học|trường phổ thông", "high"),
    (r"trật tự, an toàn xã hội",
     r"(?:an ninh,? |giữ gìn )?trật tự(?:,| và)? (?:an toàn )?xã hội|phòng,? chống tội phạm|an ninh,? trật tự", "high"),
    (r"giao thông đường bộ|đường bộ, giao thông", r"giao thông đường bộ|hạ tầng giao thông|đường bộ", "high"),
    (r"điện sinh hoạt", r"điện sinh hoạt|giá bán điện|bán lẻ điện|cung cấp điện|lưới điện", "high"),
    (r"nước sinh hoạt", r"nước sạch|nước sinh hoạt|cấp nước", "high"),
    (r"an sinh xã hội", r"an sinh xã hội|bảo hiểm thất nghiệp|người có công|hộ nghèo|trợ giúp xã hội", "high"),
    (r"chính sách cải cách hành chính", r"tuyên truyền[^.;]{0,60}cải cách hành chính", "medium"),
    (r"biển hiệu", r"biển hiệu|sơ đồ chỉ dẫn|biển chỉ dẫn", "high"),
    (r"ghế ngồi chờ", r"ghế ngồi|nơi ngồi chờ|bàn viết", "high"),
    (r"trang thiết bị", r"(?:trang thiết bị|cơ sở vật chất)(?![^.;]{0,60}(?:dạy|trường|bệnh))[^.;]{0,80}"
     r"(?:người dân|một cửa|phục vụ hành chính|tiếp nhận|giải quyết)", "high"),
    (r"niêm yết công khai", r"(?:niêm yết|công khai)[^.;]{0,50}(?:thủ tục hành chính|tthc)|"
     r"thủ tục hành chính được niêm yết", "high"),
    (r"nộp hồ sơ giải quyết", r"thành phần hồ sơ|số lượng giấy tờ", "high"),
    (r"phí/lệ phí", r"\bphí,? lệ phí|lệ phí", "high"),
    (r"thời hạn giải quyết", r"(?:thời hạn|thời gian) giải quyết|quá hạn|trễ hạn|trễ hẹn", "medium"),
    (r"trả đúng hẹn", r"trả (?:kết quả )?[^.;]{0,40}(?:đúng h[ạẹ]n|trễ h[ạẹ]n|quá hạn)", "high"),
    (r"thái độ giao tiếp|tinh thần, thái độ", r"thái độ|(?:kỹ năng|văn hóa) giao tiếp|giao tiếp, ứng xử|quy tắc ứng xử", "high"),
    (r"gây phiền hà, sách nhiễu", r"nhũng nhiễu|phiền hà|sách nhiễu|gây khó khăn", "high"),
    (r"tiền ngoài quy định", r"nhũng nhiễu|ngoài quy định", "high"),
    (r"hướng dẫn hồ sơ dễ hiểu", r"hướng dẫn[^.;]{0,40}hồ sơ[^.;]{0,20}(?:dễ hiểu|đầy đủ)|kỹ năng giao tiếp", "high"),
    (r"công chức[^.]{0,120}tuân thủ đúng quy định",
     r"kiểm tra[^.;]{0,40}(?:việc )?giải quyết thủ tục hành chính|(?:cán bộ|công chức)[^.;]{0,90}đạo đức|làm việc không đúng giờ", "high"),
    (r"năng lực của cán bộ", r"(?:tập huấn|bồi dưỡng|năng lực|kỹ năng)[^.;]{0,80}(?:cán bộ|công chức|nghiệp vụ|giao tiếp)|"
     r"(?:cán bộ|công chức)[^.;]{0,40}năng lực", "high"),
    (r"công nghệ thông tin, chuyển đổi số",
     r"chuyển đổi số|công nghệ thông tin|nền tảng[^.;]{0,20} số|số hóa|hệ thống thông tin giải quyết|mạng truyền số liệu|"
     r"trực tuyến", "high"),
    (r"cung ứng dịch vụ công trực tuyến",
     r"dịch vụ công trực tuyến|toàn trình|thanh toán trực tuyến|hệ thống thông tin giải quyết", "high"),
    (r"hình thức nộp hồ sơ", r"(?:dịch vụ công|thanh toán|nộp hồ sơ) trực tuyến|bưu chính công ích", "high"),
    (r"bố trí hình thức tiếp nhận phản ánh", r"đường dây nóng|hòm thư góp ý", "high"),
    (r"tiếp nhận, xử lý phản ánh", r"tiếp nhận,? xử lý[^.;]{0,40}(?:phản ánh|kiến nghị)", "high"),
    (r"thông báo kết quả xử lý", r"(?:thông báo|công khai) kết quả (?:xử lý|trả lời|giải quyết phản ánh)", "high"),
    (r"giải quyết ý kiến góp ý, phản ánh", r"(?:tiếp nhận|xử lý)[^.;]{0,40}(?:phản ánh|góp ý)", "high"),
    (r"thông tin đầy đủ, chính xác", r"kết quả[^.;]{0,80}đầy đủ,? chính xác", "high"),
    (r"tính công bằng", r"tính công bằng", "high"),
)  # fmt: skip
_COMPILED = tuple((re.compile(name), re.compile(words), weight) for name, words, weight in _SUBJECTS)
_MEASURES = re.compile(r"^[-+ ]*(?:điều tra xã hội học|báo cáo|triển khai kế hoạch|khảo sát|đo lường)")
"""Tasks that measure or report serve no criterion of their own."""
_OUTCOME = re.compile(r"tốt hơn|tác động|kinh tế,? xã hội của địa phương")
_LIKE_FACTOR, _LONGEST, _MOST = 92, 3000, 6


@dataclass(frozen=True)
class _Method:
    """The criteria of a framework, prepared once: each leaf with the subjects its name speaks of, and the factors."""

    leaves: tuple[tuple[str, bool, tuple[int, ...]], ...]
    factors: tuple[CriterionName, ...]


@lru_cache(maxsize=8)
def _prepared(criteria: tuple[CriterionName, ...]) -> _Method:
    codes = [code for code, _ in criteria]
    above = {code.rpartition(".")[0] for code in codes}
    above |= {code for code in codes if any(other.startswith(f"{code}.") for other in codes)}
    leaves = []
    for code, name in criteria:
        folded = fold(name)
        subjects = tuple(place for place, (in_name, _, _) in enumerate(_COMPILED) if in_name.search(folded))
        if code not in above and subjects:
            leaves.append((code, bool(_OUTCOME.search(folded)), subjects))
    factors = tuple((code, fold(name)) for code, name in criteria if code in above and code.count(".") > 1)
    return _Method(tuple(leaves), factors)


def criteria_named(heading_path: Sequence[str], text: str, criteria: Sequence[CriterionName]) -> list[NamedCriterion]:
    """Propose the criteria a task serves, those of its own heading first; nothing where no criteria are passed."""
    words = fold(text[:_LONGEST])
    if not criteria or _MEASURES.match(words):
        return []
    method = _prepared(tuple((code, name) for code, name in criteria))
    factor, heading = _factor_of(tuple(heading_path), method.factors)
    hits = [match[0] if (match := in_words.search(words)) else "" for _, in_words, _ in _COMPILED]
    found: list[NamedCriterion] = []
    for code, is_outcome, subjects in method.leaves:
        subject = next((place for place in subjects if hits[place]), None)
        if subject is None:
            continue
        inside = bool(factor) and code.startswith(f"{factor}.")
        sure = inside or (_COMPILED[subject][2] == "high" and not is_outcome)
        why = f"Nội dung nêu “{hits[subject]}”"
        found.append({"code": code, "confidence": "high" if sure else "medium", "why": why})
    if factor and not any(one["code"].startswith(f"{factor}.") for one in found):
        found.append({"code": factor, "confidence": "medium", "why": f"Nằm trong mục “{heading}”"})
    found.sort(key=lambda one: (one["confidence"] != "high", not (factor and one["code"].startswith(factor))))
    return found[:_MOST]


@lru_cache(maxsize=512)
def _factor_of(heading_path: tuple[str, ...], factors: tuple[CriterionName, ...]) -> tuple[str, str]:
    """The factor that the nearest heading names, by likeness of words; the whole path is tried from below."""
    for heading in reversed(heading_path):
        words = re.sub(r"^[\w.]{1,8}[.)]\s+", "", fold(heading)).strip(" :")
        likely = [
            (fuzz.token_sort_ratio(words, name), code)
            for code, name in factors
            if fuzz.token_set_ratio(words, name) >= _LIKE_FACTOR
        ]
        if likely:
            return max(likely)[1], heading
    return "", ""
