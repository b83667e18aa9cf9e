"""The words of groups: their official names, class words ("sở", "huyện"), qualifiers ("cấp tỉnh"), units ("UBND")
as patterns.

Patterns are matched on words without diacritics joined by single spaces, commas and dashes being words of their own.
"""

import re

from agencies import standard
from agencies.folding import fold, unaccent

DEPARTMENTS = "Các sở, ban, ngành"
PROFESSIONAL = "Các cơ quan chuyên môn thuộc UBND tỉnh"
CENTRAL = "Các cơ quan ngành dọc Trung ương"
ALL = "Các cơ quan, đơn vị, địa phương"
RELEVANT = "Các cơ quan, đơn vị có liên quan"
SURVEYED = "Các cơ quan, đơn vị thuộc phạm vi khảo sát"
LOCALITIES = "Các địa phương"
SOCIO_POLITICAL = "Các tổ chức chính trị - xã hội tỉnh"
UNITS = "Các phòng, đơn vị thuộc Sở"
UNIT_HEADS = "Trưởng các phòng, đơn vị thuộc Sở"
PUBLIC_UNITS = "Các đơn vị sự nghiệp công lập thuộc UBND tỉnh"
MINISTRIES = "Các bộ, ngành Trung ương"
MINISTRY_UNITS = "Các đơn vị thuộc Bộ"
ONE_STOP = "Bộ phận Một cửa"
EVERYBODY = "Các cấp, các ngành"
CENTRE = "Trung tâm Phục vụ hành chính công"


def tokens(words: str) -> str:
    """Return a name as tokens without diacritics, as patterns see them."""
    return " ".join(re.findall(r"\w+|[^\w\s]", unaccent(words)))


PLACE_NAMES = "|".join(
    sorted(
        (
            re.escape(tokens(name))
            for name in (
                *standard.province_names(),
                *standard.city_names(),
                "TP Hồ Chí Minh",
                "TPHCM",
                "TP. Hồ Chí Minh",
                "HCM",
            )
        ),
        key=len,
        reverse=True,
    )
)
END = r"(?= |$)"
_MANY = r"(?:(?:tat ca|toan bo|toan the|cung|voi) )*(?:(?:cac|nhung|moi|tung) (?:\d+ (?:/ \d+ )?)?|\d+ (?:/ \d+ )?)"
_ANY = rf"(?:{_MANY})?"
_LEVEL = rf"(?:tinh|thanh pho|tp(?: \.)?)(?: (?:{PLACE_NAMES}))?"
_SCOPE = (
    r"(?:theo (?:linh vuc|chuc nang|nhiem vu|tham quyen|phan cong|phan cap|quy dinh|pham vi|dia ban|nganh)|trong pham vi|"
    r"thuoc tham quyen|thuoc pham vi quan ly)(?: [^ ,;¶⟦.:]+)*?(?= [,;¶⟦.:]| $|$)"
)
SCOPE = re.compile(_SCOPE)
PROVINCE_NAME = re.compile(rf"(?:{PLACE_NAMES}) ")
QUALIFIER = re.compile(
    rf"(?:{_SCOPE}|(?:co |khac co |khac |co su )?lien quan|(?:cua |thuoc |truc thuoc |o |cap )?{_LEVEL}|(?:thuoc|"
    rf"truc thuoc) (?:va truc thuoc )?"
    rf"(?:ubnd|uy ban nhan dan) {_LEVEL}|(?:thuoc (?:,|va) )?(?:truc thuoc|thuoc|cua) (?:so|don vi)|truc thuoc|"
    rf"(?:dong |hoat dong )?(?:tren|tai|o|trong) (?:dia ban )?(?:toan )?(?:{_LEVEL}|dia phuong|dia ban)|"
    rf"toan tinh|cung cap(?! dich)|khac|quan ly (?:chuyen nganh|nganh|nha nuoc)(?: (?:,|va) linh vuc)?|chu quan|"
    rf"chuyen nganh|"
    rf"(?:duoc |da )?(?:giao|phan cong)(?: nhiem vu)?|co (?:tthc|thu tuc hanh chinh)|"
    rf"trung uong|tw|cap tren|"
    rf"co chuc nang|(?:chuc nang|chuyen mon|nghiep vu|cm)(?: (?:,|va|-) (?:chuc nang|chuyen mon|nghiep vu))*"
    rf"(?: so(?= [,;¶⟦.:]| va | $|$))?|nha nuoc|hanh chinh|"
    rf"(?:duoc|chiu su|thuoc doi tuong|thuoc dien|la doi tuong)(?: duoc)? (?:thanh tra|kiem tra|giam sat)"
    rf"(?: (?:,|va) (?:thanh tra|kiem tra|giam sat))*|"
    rf"(?:(?:cua|thuoc|truc thuoc|cap) )?(?:(?:ubnd|uy ban nhan dan) )?(?:huyen|quan|thi xa|xa|phuong)(?= [,;¶⟦.:]| va | $|$)|"
    rf"con lai|cac cap|noi(?! (?:vu|chinh|vien|bo)\b)(?: [^ ,;¶⟦.:]+)+?(?= [,;¶⟦.:]| $|$)|"
    rf"co (?:chi so|diem|ket qua|ty le|muc do|ho so|thu tuc|nhiem vu)(?: [^ ,;¶⟦.:]+)*?(?= [,;¶⟦.:]| $|$)|"
    rf"(?:{PLACE_NAMES})){END}"
)
RELEVANT_TAIL = re.compile(r"\b(?:lien quan|chuc nang|thanh tra|kiem tra|giam sat)\b")
SURVEY = re.compile(
    r"(?:thuoc |trong |nam trong )?(?:pham vi |dien |doi tuong )?(?:duoc |lua chon |chon )*(?:khao sat|do luong|"
    r"dieu tra(?: xa hoi hoc)?)" + END
)
HEAD = re.compile(
    r"(?:(?:dong chi |cac |pho )*(?:thu truong|thanh vien|ban giam doc|ban lanh dao|thuong truc|nguoi dung dau|"
    r"lanh dao|tong giam doc|giam doc|chanh|chu tich|bi thu|chi cuc truong|cuc truong|"
    r"tong bien tap|hieu truong|chi huy truong|vien truong|chanh an|truong(?= (?:ban|cac|phong|don vi|"
    r"cong an)\b)|bo truong|tong cuc truong|"
    r"truong ban(?= ban)|truong phong(?= phong)) (?:(?:,|va) )?)+"
)
UNIT_SLIPS = ("unnd", "ubdn", "unbd", "ubnn", "ubbd", "ubnnd", "ubndd", "ubnb")
"""Misprints of "UBND" that mean nothing else."""
UNIT = [
    (re.compile(r"dang uy (?:,|va|-|/) (?:ubnd|uy ban nhan dan) "), "Đảng ủy+UBND"),
    (
        re.compile(r"dang uy (?:,|va|-|/) (?:hdnd|hoi dong nhan dan) (?:,|va|-|/) (?:ubnd|uy ban nhan dan) "),
        "Đảng ủy+HĐND+UBND",
    ),
    (re.compile(r"dang uy "), "Đảng ủy"),
    (re.compile(r"(?:(?:hdnd|hoi dong nhan dan) (?:va|,|-|/) (?:ubnd|uy ban nhan dan)) "), "HĐND+UBND"),
    (re.compile(rf"(?:ubnd|uy ban nhan dan|u b n d|u \. b \. n \. d|ub nhan dan|ub|{'|'.join(UNIT_SLIPS)}) "), "UBND"),
    (re.compile(r"(?:hdnd|hoi dong nhan dan) "), "HĐND"),
    (
        re.compile(
            r"(?:(?:bo phan |bp )?mot cua(?: dien tu| hien dai| lien thong|(?: ,|va)? ?mot cua lien thong)*|"
            r"bpmc|(?:bo phan|bp) "
            r"(?:tiep nhan(?: ho so)?(?: va| ,| -)? (?:tra|hoan tra) ket qua|tn (?:va )?tkq|tntkq)"
            r"(?: giai quyet (?:tthc|thu tuc hanh chinh)| thu tuc hanh chinh| hien dai| theo co che mot cua)*|"
            r"bptntkq|bptn va tkq|(?:bo phan|bp) (?:phuc vu )?hanh chinh cong) "
        ),
        ONE_STOP,
    ),
    (
        re.compile(
            r"(?:(?:trung tam|tt|t . t)(?: \.)? (?:phuc vu (?:hanh chinh cong|hcc)|hanh chinh cong|pv ?hcc|hcc)|"
            r"ttpvhcc|tthcc) "
        ),
        CENTRE,
    ),
]
JOINT = re.compile(r"(?:(?:,|va|-|/|hoac|¶|cung|voi|\.) )+(?:cac )?")
JOINT_COMMITTEE = re.compile(JOINT.pattern + "(?:(?:ubnd|uy ban nhan dan) (?:cac )?)?")
JOINT_OF = re.compile(r"(?:cua|tai|thuoc|o) (?:(?:ubnd|uy ban nhan dan) )?|(?:ubnd|uy ban nhan dan) ")
_CLASSES = {
    "department": "so|ban|nganh|doan the|hoi|mat tran|to chuc doan the",
    "unit": "co quan|don vi|dia phuong|to chuc|ca nhan",
    "district": "huyen|thi xa|thanh pho|tp|quan|cap huyen|tuyen huyen",
    "commune": "xa|phuong|thi tran|dac khu|cap xa|cap co so",
    "province": "cap tinh|cap thanh pho",
    "levels": "cac cap|3 cap|ba cap|hai cap|2 cap",
    "ministry": "bo",
    "room": "phong|phong ban|trung tam|chi cuc|doi",
}
FAMILY = {word: family for family, line in _CLASSES.items() for word in line.split("|")}
CLASS = re.compile("(" + "|".join(sorted(FAMILY, key=len, reverse=True)) + ") ")
NAME_STARTS = re.compile(
    r"(?:ban (?:quan ly|chi dao|chi huy|to chuc(?! (?:thuc hien|trien khai)))|bo (?:chi huy|tu lenh)|"
    r"(?:trung tam|phong|doi|chi cuc) (?:quan ly|ho tro|kiem|giam|tham muu|tong hop|tiep nhan|to chuc|thi|huong dan)) "
)
"""Class words with which a name begins: "Ban Quản lý …" is no "ban" of a list, though a verb may end one."""
DEPARTMENT_STARTS = re.compile(
    "so (?:noi vu|tu phap|tai (?:chinh|nguyen)|cong thuong|y te|xay dung|giao (?:duc|thong)|khoa hoc|nong nghiep|"
    "lao dong|thong tin|ke hoach|dan toc|van hoa|du lich|ngoai vu|quy hoach|an toan) "
)
LONG_CLASSES = ("nganh", "huyen", "phuong")
NO_SLIPS = {
    "phong",
    "thuong",
    "chuong",
    "nhanh",
    "canh",
    "ngan",
    "phung",
    "quyen",
    "nuong",
    "chuyen",
    "tuyen",
    "thuyen",
    "luyen",
}
EVERY_LEVEL = re.compile("(?:cac|ba|hai|[23]) cap (?!huyen|xa)")
SHORT_DISTRICT = {
    "thi": "thi xa",
    "thanh": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "p": "phuong",
    "h": "huyen",
    "t . pho": "thanh pho",
}
_SCHOOL = "dai hoc|cao dang|trung cap|pho thong|day nghe|mam non|tieu hoc|thcs|thpt|trung hoc(?: co so| pho thong)?"
ALLOWED_AFTER = {
    None: {"department", "unit", "district", "commune", "ministry", "room"},
    "UBND": {"district", "commune", "levels"},
    "HĐND": {"district", "commune", "levels"},
    ONE_STOP: {"department", "unit", "district", "commune", "province", "levels"},
    CENTRE: {"district", "commune", "levels", "unit"},
}
OTHER_UNIT = {"district", "commune", "levels"}
WHOLE = [
    (re.compile(_ANY + pattern + END), name)
    for pattern, name in [
        (
            r"(?:co quan|don vi|nganh|co quan (?:,|va) don vi|don vi (?:,|va) co quan)(?: nha nuoc| hanh chinh|"
            r" cap tinh| quan ly)*"
            r"(?: (?:thuoc|cua|do|duoc|to chuc|quan ly|theo|he thong|cac|bo|nganh|,|va))* (?:nganh doc|doc|"
            r"trung uong|t \. u|tw)"
            r"(?: (?:trung uong|tw|to chuc theo|nganh doc|quan ly|thuoc|nganh))*",
            CENTRAL,
        ),
        (
            r"(?:tong cuc|vu|cuc|vien|truong|co quan|don vi|to chuc)"
            r"(?: (?:,|va) (?:cac )?(?:tong cuc|vu|cuc|vien|truong|co quan|don vi|to chuc))*"
            r"(?: (?:truc )?thuoc| cua)(?: (?:,|va)? ?truc thuoc)? bo(?! \w)",
            MINISTRY_UNITS,
        ),
        (
            r"phong (?:(?:,|va) )?ban(?: chuyen mon)?(?: (?:truc )?thuoc| cua)? (?:(?:ubnd|uy ban nhan dan) )?"
            r"(?:(?:cap )?huyen|(?:cac )?huyen , (?:thi xa , )?thanh pho)",
            "Các phòng, ban chuyên môn cấp huyện",
        ),
        (
            r"(?:co quan|don vi|to chuc)(?: (?:,|va) (?:co quan|don vi|to chuc|dia phuong))* (?:(?:o|thuoc) )?(?:cap )?tinh "
            r"(?:,|va|den) (?:cap )?huyen(?: (?:,|va|den) (?:cap )?xa)?",
            ALL,
        ),
        (
            r"so(?: (?:,|va) (?:ban|nganh))* (?:,|va) (?:cac )?(?:co quan|don vi|ban)(?: chuyen mon)? (?:ngang|"
            r"tuong duong(?: voi| cap)?)(?: cap)?(?: so)?",
            DEPARTMENTS,
        ),
        (r"don vi cap xa", "UBND cấp xã"),
        (r"don vi cap huyen", "UBND cấp huyện"),
        (r"nganh doc(?: trung uong| tw)?", CENTRAL),
        (
            r"co quan chuyen mon (?:truc )?thuoc (?:ubnd|uy ban nhan dan) (?:cap huyen|huyen|"
            r"(?:cac )?huyen(?: , thi xa)?(?: , thanh pho)?)",
            "Các cơ quan chuyên môn thuộc UBND cấp huyện",
        ),
        (
            r"co quan chuyen mon (?:truc )?thuoc (?:ubnd|uy ban nhan dan) (?:cap xa|dac khu|phuong|(?:cac )?xa(?: , phuong)?"
            r"(?: , dac khu)?)",
            "Các cơ quan chuyên môn thuộc UBND cấp xã",
        ),
        (
            rf"(?:co quan|don vi) chuyen mon(?: (?:cap tinh|(?:truc )?thuoc (?:ubnd|"
            rf"uy ban nhan dan)?(?: ?{_LEVEL})?|cua (?:ubnd )?{_LEVEL}))?",
            PROFESSIONAL,
        ),
        (
            r"(?:don vi|co quan) su nghiep(?: cong lap| cong)?(?: cap tinh)?(?: (?:truc )?thuoc (?:ubnd|"
            r"uy ban nhan dan)? ?tinh)?",
            PUBLIC_UNITS,
        ),
        (
            r"(?:co quan )?(?:thong tan ,? ?(?:va )?)?(?:bao chi|thong tin dai chung|"
            r"thong tin (?:(?:,|va) )?(?:truyen thong|tuyen truyen|bao chi)|truyen thong)(?: (?:cua )?tinh| dia phuong)?",
            "Các cơ quan báo chí",
        ),
        (
            r"(?:co quan|ban)(?: xay dung| tham muu (?:,|va)? ?(?:giup viec)?(?: cua)?)? (?:dang|"
            r"tinh uy)(?: tinh| (?:cua )?tinh uy| cap tinh)?",
            "Các cơ quan Đảng",
        ),
        (
            r"(?:huyen|thi|thanh|quan) uy(?: (?:,|va) (?:huyen|thi|thanh|"
            r"quan) uy)*(?: , dang uy truc thuoc(?: tinh uy)?)?",
            "Các huyện ủy, thị ủy, thành ủy",
        ),
        (r"huyen , (?:thi|thanh)(?: , (?:thi|thanh))? uy", "Các huyện ủy, thị ủy, thành ủy"),
        (r"to chuc thanh vien(?: cua (?:ub ?)?mttq| cua mat tran)?", SOCIO_POLITICAL),
        (
            r"(?:ban thuong truc )?(?:uy ban |ub )?(?:ubmttq|ubmttqvn|mttq|mttqvn|mat tran to quoc|"
            r"mat tran)(?: viet nam| vn)?(?: tinh)? va (?:cac )?(?:to chuc|doan the)(?! (?:,|va) ca nhan)"
            r"(?: chinh tri - xa hoi| thanh vien)?(?: tinh| cap tinh)?",
            "MTTQ+" + SOCIO_POLITICAL,
        ),
        (
            r"(?:to chuc|doan the|hoi ,? ?(?:va )?doan the|"
            r"co quan mat tran ,? ?doan the)(?: doan the)?(?: chinh tri(?: -| va|)? ?(?:xa hoi)?(?: - nghe nghiep)?)"
            r"(?: (?:,|va) (?:cac )?(?:to chuc )?xa hoi(?: ?[-,])?(?: ?nghe nghiep)?)*"
            r"(?: (?:cua |cap )?tinh| cap tinh)?",
            SOCIO_POLITICAL,
        ),
        (
            r"co quan hanh chinh(?: nha nuoc)?(?: (?:cac cap|cap tinh|tren dia ban tinh|tai dia phuong))?",
            "Các cơ quan hành chính nhà nước",
        ),
        (
            r"doanh nghiep (?:(?:,|va|buu chinh|vien thong|internet|cong nghe thong tin|cong nghe so|cong ich) )*"
            r"(?:buu chinh|vien thong)(?: cong ich| , internet| va internet)?(?: tren dia ban(?: tinh)?)?",
            "Các doanh nghiệp bưu chính, viễn thông",
        ),
        (r"chu dau tu(?: (?:cac )?(?:du an|cong trinh)(?: [^ ,;¶⟦.:]+)*?(?= [,;¶⟦.:]|$))?", "Các chủ đầu tư"),
        (
            r"(?:thon|xom|ap|lang|buon|khu pho|to dan pho)(?: (?:,|va|/) (?:thon|xom|ap|ban|lang|buon|khu pho|khoi|"
            r"to dan pho|khu dan cu))*(?: tren dia ban(?: xa| phuong)?)?",
            "Các thôn, tổ dân phố",
        ),
        (r"doanh nghiep(?: (?:tren dia ban tinh|co lien quan|lien quan|nha nuoc))?", "Các doanh nghiệp"),
        (
            r"(?:truong|truong hoc|co so giao duc)"
            rf"(?: (?:{_SCHOOL}|cong lap|truc thuoc|cac cap))*"
            rf"(?: (?:,|va) (?:truong )?(?:{_SCHOOL}))*(?: tren dia ban tinh)?",
            "Các trường học",
        ),
        (r"co so (?:y te|kham chua benh|kham , chua benh)(?: (?:cong lap|tren dia ban tinh))*", "Các cơ sở y tế"),
        (
            r"(?:benh vien (?:,|va) trung tam y te|trung tam y te (?:,|va) benh vien)(?: (?:cong lap|"
            r"tuyen tinh|tren dia ban tinh))*",
            "Các bệnh viện, trung tâm y tế",
        ),
        (
            r"(?:co quan|don vi)(?: (?:,|va) (?:co quan|don vi))? (?:duoc giao )?chu tri soan thao"
            r"(?: (?:du thao )?van ban(?: quy pham phap luat| qppl)?)?",
            "Các cơ quan chủ trì soạn thảo văn bản",
        ),
        (r"benh vien(?: (?:cong lap|tuyen tinh|cua tinh|trong tinh|tren dia ban tinh))*", "Các bệnh viện"),
        (r"cap (?:uy )?(?:,|va) (?:cac )?(?:so |ban |, )*nganh", EVERYBODY),
        (
            r"bo (?:, nganh )?(?:,|va) (?:cac )?co quan ngang bo(?: (?:,|va) (?:cac )?co quan (?:truc )?thuoc chinh phu)?",
            MINISTRIES,
        ),
        (
            r"(?:ubnd |uy ban nhan dan )?(?:cac )?tinh (?:,|va) thanh pho(?: truc thuoc (?:trung uong|tw))?",
            "UBND các tỉnh, thành phố trực thuộc Trung ương",
        ),
        (r"bo(?: va| ,)? (?:co quan |nganh )(?:co lien quan|lien quan|trung uong|tw)?", MINISTRIES),
    ]
]
NEEDS_MANY = {
    "Các doanh nghiệp",
    "Các trường học",
    "Các bệnh viện, trung tâm y tế",
    "Các bệnh viện",
    PUBLIC_UNITS,
    "Các cơ quan báo chí",
    "Các thôn, tổ dân phố",
    CENTRAL,
    MINISTRIES,
    MINISTRY_UNITS,
}
OFFICES = re.compile("(?:co quan|don vi|nganh doc) ")
MANY = re.compile(_MANY)
SPELLINGS: dict[str, set[str]] = {}
_USUAL_WORDS = """các sở số ban bàn bản ngành đoàn đơn địa phường phương huyện thị thành thanh phố phó quận quan quản
quân xã xa trấn cấp tỉnh tình"""
for _spelling in re.findall(r"\w+", _USUAL_WORDS):
    SPELLINGS.setdefault(unaccent(_spelling), set()).add(fold(_spelling))

STOPS = re.compile(
    r"(?:,|;|¶|va|\.|:|-|/|\+|⟦|chu tri|dau moi|phoi|tham|theo|thuc hien|trien khai|to chuc|don doc|kiem tra|"
    r"giam sat|chiu|la|lam|de xuat|"
    r"thi hanh|phu trach|tru|ngoai tru|khong|loai tru|cung|voi|hoac|tham gia|ho tro|bao cao|trong do|gom|"
    r"bao gom|duoc|de|nham|can cu|chi dao|"
    r"huong dan|tong hop|xay dung|trinh|gui|thong qua|qua|cu|chi|…|!|\?|\"|'|\*|\||•|·|ra soat|thuong xuyen|"
    r"tiep tuc|chu dong|va cac|cac|"
    r"soan thao|tham dinh|tiep nhan|su dung|van hanh|hoan thanh|quan ly|dang|da|se|con|co|phai|dat|"
    r"cong bo|cung cap|cap nhat|nghien cuu|ban hanh|lap|ubnd|uy ban|van phong|tuyen truyen|"
    r"day manh|tang cuong|quan triet|khac phuc|"
    r"xu ly|giai quyet|bo tri|ket hop)(?= |$)"
)
STOP_SPELLINGS = {
    "van": ("văn", "vận"), "con": ("còn",), "co": ("có",), "da": ("đã",), "se": ("sẽ",), "la": ("là",), "lam": ("làm",),
    "cu": ("cũ", "cử"), "chi": ("chỉ",), "dat": ("đạt",), "phai": ("phải",), "de": ("để", "đề"), "lap": ("lập",),
    "dang": ("đang",), "tru": ("trừ",), "voi": ("với",), "loai": ("loại",), "gom": ("gồm",), "trinh": ("trình",),
}  # fmt: skip
"""How a stop is spelt with diacritics: "Côn Đảo", "Vân Phong", "Cô Tô", "Củ Chi" are names and no stops."""
