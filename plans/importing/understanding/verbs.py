"""The words of prose that say who does what: subjects, verbs of duty, sections that assign and sections that do not.

Collected from plans of many provinces. Patterns are for folded text unless a name ends in ``_PRINTED``.
"""

import re


def _any(*words: str) -> str:
    """One alternation of the words, in the order given."""
    return "(?:" + "|".join(word for line in words for word in line.split("|")) + ")"


_ORDER = (
    _any("(?:ubnd tỉnh )?giao|phân công|(?:ubnd tỉnh )?yêu cầu|đề nghị|đối với", "trách nhiệm của|nhiệm vụ của")
    + r"\s+"
)
ORDERED_PRINTED = re.compile(rf"^(?:{_ORDER})?(?:cho\s+)?", re.IGNORECASE)
"""What stands before the agency in "Giao Sở Nội vụ", "Trách nhiệm của Văn phòng"."""

_CHIEF = _any("thủ trưởng|người đứng đầu|giám đốc|trưởng|chủ tịch|lãnh đạo")
CHIEFS = re.compile(rf"{_any('thủ trưởng|người đứng đầu|trưởng')}\b")
_BODY = _any(
    "sở|ban|cục|chi cục|ubnd|ủy ban|uỷ ban|văn phòng|vp|công an|thanh tra|bảo hiểm xã hội|kho bạc|ngân hàng|trung tâm",
    "báo|đài|cổng thông tin|hội|đoàn|tỉnh đoàn|thành đoàn|liên đoàn|bộ chỉ huy|bộ phận|bưu điện|thuế|hải quan|mặt trận",
    "phòng|cơ quan|đơn vị|địa phương|huyện|thành phố|thị xã|xã|phường|công ty|điện lực|trường|viện|hiệu trưởng",
)
SUBJECT = re.compile(
    rf"^(?:{_ORDER})?(?:cho\s+)?(?:{_CHIEF}\s+)?(?:(?:các|những|toàn thể|tất cả các)?\s?{_BODY}|(?:các|những) tổ chức)\b",
    re.IGNORECASE,
)
"""A sentence or heading that begins with an agency."""

_VERBS = _any(
    "có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|chủ trì|chủ động|phối hợp|tham mưu|theo dõi|tổng hợp|căn cứ|tăng cường",
    "triển khai|thực hiện|xây dựng|hướng dẫn|rà soát|kiểm tra|giám sát|đôn đốc|đẩy mạnh|tiếp tục|tập trung|chỉ đạo|lập",
    "trực tiếp|báo cáo|cung cấp|bố trí|ban hành|thẩm định|nghiên cứu|tiếp nhận|tuyên truyền|thông tin,|thường xuyên",
    "định kỳ|cử|quán triệt|phổ biến|đảm bảo|bảo đảm|nâng cao|khẩn trương|kịp thời|nghiêm túc|phải|cần|trên cơ sở|hằng|hàng",
    "đề xuất|quan tâm|gửi|trình|hoàn thành|vận động|phát huy|niêm yết|công khai|công bố|giải quyết|cập nhật|khảo sát",
    "đánh giá|quản lý|vận hành|đầu tư|duy trì|sử dụng|đăng tải|nhập|chuẩn bị|cắt giảm|mở|trang bị|nâng cấp|thành lập",
    "phát (?!triển|thanh|điện)|cấp (?!huyện|xã|tỉnh|cơ sở|phường|trên|dưới|ủy|có|thành|[Tt]rung|phòng|[Ss]ở)|kiện toàn",
    "thiết lập|kết nối|tích hợp|số hóa|thông báo|chấn chỉnh|xử lý|khắc phục|tham gia|đổi mới|tiến hành|cải tiến|cải thiện",
    "phân tích|ứng dụng|khai thác|khuyến khích|thí điểm|tuyển chọn|lấy ý kiến|lấy phiếu|lồng ghép|phân công|tuyển dụng",
    "sắp xếp|chuyển (?!đổi)|tăng|giảm|lựa chọn|ký (?:kết|hợp đồng|ban hành|cam kết)|in ấn|hỗ trợ|thanh tra|chú trọng",
    "làm (?:đầu mối|tốt|rõ|việc với)|nắm (?:bắt|chắc)|tạo (?:điều kiện|lập|chuyển)|thu thập|ưu tiên|đưa|sơ kết|tổng kết",
    "giao (?!thông|dịch)|tự (?:kiểm tra|đánh giá|rà soát)|chấp hành|thay thế|trả lời|họp|rút ngắn|bổ sung|sửa đổi|phê duyệt",
    "gặp gỡ|đối thoại|tiếp công dân|lắp đặt|xem xét",
)
FIRST_VERB_PRINTED = re.compile(
    rf"(?::|\s(?:{_VERBS}|tổ chức (?!chính trị|xã hội|đoàn thể)|là (?:cơ quan|đơn vị|đầu mối))\b)"
)
"""Where the agency ends and the duty begins. Case matters: "Sở Xây dựng" is a name, "xây dựng kế hoạch" a duty."""

_PARTNER_VERBS = _any(
    "tăng cường|triển khai|thực hiện|xây dựng|hướng dẫn|rà soát|tham mưu|kiểm tra|chọn|lập|đẩy mạnh|trong việc|để|nhằm",
    "theo dõi|đôn đốc|giải quyết|cung cấp|tuyên truyền|nâng cao|phổ biến|ban hành|khảo sát|cải cách|tiếp nhận|công khai",
    "đánh giá|báo cáo|trình|tiến hành|đề xuất|chỉ đạo|thẩm định|quản lý|vận hành|đảm bảo|bảo đảm|duy trì",
    "nâng cấp|kết nối|tích hợp|số hóa|cập nhật|công bố|thành lập|vận động|bố trí|hoàn thành|xử lý|khắc phục|cắt giảm",
    "đăng tải|lắp đặt|trang bị|tập huấn|cải thiện|cải tiến|đổi mới|thu thập|phân tích|lấy ý kiến|thí điểm|kiện toàn",
    "rút ngắn|sửa đổi|xác minh|kịp thời|thường xuyên|định kỳ|phát động|chấn chỉnh|niêm yết|hoàn thiện|tổng hợp",
)
AFTER_PARTNERS_PRINTED = re.compile(
    rf"\s(?:{_PARTNER_VERBS}|tổ chức (?!chính trị|đoàn thể|xã hội|có liên quan|liên quan))\b"
)
"""Where the partners end in "phối hợp với UBND các xã tăng cường …"."""

BEGINS_DUTY = re.compile(
    rf"(?:(?:tiếp tục|thường xuyên|chủ động|kịp thời|tích cực|đồng thời),? )?(?:{_VERBS}|tổ chức|tập huấn|đào tạo|bồi dưỡng|lắng nghe)\b"
)
"""A clause whose first word is a verb of duty (folded)."""

BEGINS_DUTY_PRINTED = re.compile(
    _any("có trách nhiệm|chịu trách nhiệm|có nhiệm vụ|chủ trì|lập|triển khai|thực hiện|tổ chức|xây dựng|tham mưu")[:-1]
    + r"|phối hợp|theo dõi|chỉ đạo|hướng dẫn)"
)

LEADS = re.compile(r"\bchủ trì\b|\bcơ quan đầu mối\b|\blà đầu mối\b")
_BEFORE_ADVISING = r"(?:là )?(?:cơ quan )?(?:đầu mối,? )?(?:chủ trì,? )?(?:phối hợp[^,;.]{0,120}?,? )?"
ADVISES = re.compile(
    rf"^(?:tiếp tục )?{_BEFORE_ADVISING}tham mưu\b|^(?:\S+ ){{0,8}}đề xuất khen thưởng|^đề xuất\b|tham mưu,? giúp|\bđể tham mưu\b"
)
_WATCHING = _any("theo dõi|đôn đốc|giám sát")
MONITORS = re.compile(
    rf"(?:^|[.;] )(?:thường xuyên |tổ chức )?(?:tổng hợp,? |chủ trì,? )?{_WATCHING}\b|"
    r"^(?:thường xuyên )?kiểm tra,? giám sát|chủ trì,? (?:theo dõi|đôn đốc)"
)
MONITORS_FIRST = re.compile(rf"^(?:thường xuyên |tổ chức )?(?:tổng hợp,? )?(?:{_WATCHING}|kiểm tra,? giám sát)\b")
WATCHED_PRINTED = re.compile(
    r"(?:theo dõi|đôn đốc|kiểm tra|giám sát)[ ,]+(?P<who>(?!việc|tình hình|kết quả)[^.;]{3,120}?)\s+"
    r"(?:trong việc )?(?:thực hiện|triển khai)",
    re.IGNORECASE,
)
SUPPORTS = re.compile(r"(?:tích cực |chủ động )?(?:phối hợp|hỗ trợ)\b")
GENERAL_DUTY = re.compile(
    r"căn cứ chức năng|theo chức năng|(?:triển khai|tổ chức|thực hiện)[^.;]{0,60}"
    r"(?:kế hoạch này|theo kế hoạch|nội dung[^.;]{0,30}kế hoạch|nhiệm vụ được giao|cụ thể hóa)"
)
"""A duty to carry out the whole plan."""

DUTY_SECTION = re.compile(
    r"nhiệm vụ|giải pháp|tổ chức,? (?:triển khai )?thực hiện|phân công|trách nhiệm|biện pháp|công việc|"
    r"nội dung (?:thực hiện|công việc|hoạt động|triển khai)|chế độ (?:thông tin,? )?báo cáo|"
    r"^(?:tiến độ|lộ trình|tiến trình|các bước|trình tự)"
)
WEAK_SECTION = re.compile(r"^(?:các )?nội dung(?: kế hoạch| chủ yếu| chính| cụ thể| trọng tâm)?[ .:]*$")
"""A section that may hold duties or explanations: only what names somebody, sets a day or begins with a verb is a duty."""

OTHER_SECTION = re.compile(
    r"^(?:về )?(?:mục (?:đích|tiêu)|yêu cầu|quan điểm|căn cứ|phạm vi|đối tượng|kết quả|đánh giá|thực trạng|tình hình|"
    r"giới thiệu|khái quát|kinh phí|nguồn kinh phí|hình thức thu thập|số lượng|nơi nhận|phương pháp|chỉ tiêu|sự cần thiết|"
    r"cơ sở (?:pháp lý|thực tiễn|xây dựng)|bối cảnh|tồn tại|hạn chế|nguyên nhân|ưu điểm|quan điểm|nguyên tắc|thời gian|"
    r"một số kết quả|những kết quả|tồn tại|khó khăn|đặc điểm|giải thích|nguồn lực|mốc thời gian)"
)
OTHER_INSIDE = re.compile(
    r"^(?:về )?(?:mục (?:đích|tiêu)|yêu cầu|kinh phí|nguồn kinh phí|nơi nhận|kết quả (?:đạt được|thực hiện)|tồn tại|hạn chế|"
    r"nguyên nhân|thực trạng|tình hình|chỉ tiêu)"
)
"""The same under a section of duties, where "Kết quả dịch vụ" is the name of a factor."""
END_OF_PLAN = re.compile(r"^(?:\**)?(?:nơi nhận|tm\. |kt\. |phụ lục|phụ biểu|biểu (?:số )?\d|\(?kèm theo)")
CLOSING = re.compile(
    r"^(?:trong quá trình|trên đây là|kế hoạch này|(?:nguồn )?kinh phí\b|\(.*\)\.?$|biểu đồ|bảng \d|yêu cầu (?:thủ trưởng )?(?:các )?"
    r"(?:cơ quan|đơn vị|sở|đồng chí)[^.]{0,120}(?:nghiêm túc )?(?:tổ chức )?(?:triển khai )?thực hiện(?: nghiêm túc| tốt| hiệu quả)?"
    r"(?: (?:các |những )?(?:nội dung|nhiệm vụ)(?: của| trong| theo| tại)?)?(?: kế hoạch(?: này)?| theo quy định)?[ ./]*$|"
    r"(?:nếu|khi) có (?:khó khăn|vướng mắc|vấn đề phát sinh))"
)
