"""The words of time cells, canonical: patterns for phrases, and the words that carry no time."""

import re

NUMBER_WORDS = {
    "mot": 1, "nhat": 1, "gieng": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu4": 4, "nam": 5, "sau6": 6, "bay": 7,
    "tam": 8,
    "chin": 9, "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
NUM = r"\d{1,3}|muoi mot|muoi hai|mot|hai|ba|bon|tu4|sau6|bay|tam|chin|muoi"
ROMANS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "iiii": 0, "vv": 0}
YEAR = r"(?:19|20)\d\d"
STRONG = r"(?:hoan thanh|xong|ket thuc|cham nhat|muon nhat|tre nhat|khong qua|truoc (?:ngay )?\d|han cuoi|han chot)"
"""Words after which a new, definite limit follows."""

_KIND_OF_DOCUMENT = (
    r"ke hoach|quyet dinh|cong van|nghi quyet|nghi dinh|thong tu|chi thi|van ban|thong bao|de an"
    r"|chuong trinh|huong dan|to trinh"
    r"|ket luan|luat|phap lenh|cong dien|hop dong|bao cao"
)
_SIGNS = "kh|qd|nq|ct|tb|cv|bc|ttr|hd|kl|nd|tt|qc|ctr|cthd|cd"
_DAY = r"(?:\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}|\d{1,2} thang \d{1,2} nam \d{4})"
DOCUMENT = re.compile(
    rf"(?:(?:{_KIND_OF_DOCUMENT}) )?(?:so ?:? ?)?\b\d+[a-z]?(?:/{YEAR})?(?:/[a-z]{{1,6}}\d*-[a-z0-9&\-]+"
    rf"|/(?:{_SIGNS})\b|-(?:{_SIGNS})(?:/[a-z]+)?\b)(?:,? ngay {_DAY})?"
    rf"|(?:{_KIND_OF_DOCUMENT}) so ?:? ?\d+(?![/.\-]?\d)(?:,? ngay {_DAY})?"
    rf"|(?:nghi quyet|de an|nghi dinh|thong tu|chi thi|quyet dinh) \d+(?![/.\-\d])(?:,? ngay {_DAY})?"
    rf"|(?:{_KIND_OF_DOCUMENT}) ngay {_DAY}"
)
"""A named document with its date: none of its numbers is a deadline."""

REST = r"[^;,()\n]*?(?=$|[;,()\n]|(?:\b" + STRONG + r"))"

PHRASES: list[tuple[str, re.Pattern[str]]] = [
    ("school_year", re.compile(
        rf"(?:trong |ca |dau |cuoi |ket thuc |het |truoc |truoc khi ket thuc )?(?:nam hoc"
        rf"|hoc ky)(?: (?:i{{1,2}}|\d))?(?: ?{YEAR}(?: ?[-/] ?{YEAR})?)?")),
    ("ongoing", re.compile(

        r"thuong xuyen(?: va)?(?:,? lien tuc)?|thuong ky|thuong truc\b|lien tuc|xuyen suot"
        r"|(?:trong )?suot (?:thoi gian|qua trinh|ca giai doan)(?: trien khai"
        r"| thuc hien)?(?: ke hoach)?(?: nay)?"

        r"|(?:trong )?suot(?= (?:ca )?nam| \d+ thang| giai doan| quy)|(?:hang|moi|tung) ngay\b|quanh nam"
        r"|(?<!truoc )(?<!ngay )(?<!den )(?<!nhat )(?<!qua )(?<!het )(?<!han )(?<!- )(?<!tu )24/7(?![/.\d]| nam)"
        r"|24/24(?: ?(?:gio|h))?(?: (?:trong|moi|hang|cac) ngay)?|duy tri|moi luc|toan bo thoi gian|hang gio"

        r"|trong gio hanh chinh|(?:cac|tat ca cac|moi) ngay (?:lam viec )?trong (?:tuan|nam)"
        r"|cac ngay lam viec|khong thoi han"
        r"|trong (?:qua trinh|thoi gian) (?:trien khai |to chuc )?thuc hien(?: ke hoach)?(?: nay)?")),
    ("per_document", re.compile(rf"theo yeu cau(?: va)? (?:thoi gian|tien do|ke hoach|thoi han){REST}")),
    ("as_needed", re.compile(

        rf"(?:ngaylap (?:sau )?)?(?:theo|khi co|khi|khi nao co|luc) (?:cac |tung |nhung )?(?:yeu cau|phat sinh|nhu cau|vu viec"
        rf"|phan anh|kien nghi|de nghi|su co|su viec|thay doi|bien dong|su thay doi|don thu|ho so"
        rf"|can thiet|can|tinh hinh|thuc te|dieu kien thuc te|truong hop)\b{REST}"

        rf"|dot xuat(?: theo{REST}| khi{REST}| neu{REST})?|bat thuong|tuy (?:theo )?(?:tinh hinh|yeu cau"
        rf"|dieu kien|thuc te|tung){REST}|(?:khi|neu) (?:co )?(?:(?!ket qua|quyet)\w+ ){{0,3}}phat sinh{REST}|khi xay ra{REST}"
        rf"|khi co chi dao{REST}|khi duoc yeu cau{REST}|khong dinh ky|linh hoat{REST}|(?:neu|khi) can(?: thiet)?")),
    ("per_document", re.compile(

        r"(?:dam bao |bao dam |dung |thuc hien )?(?:theo|bam theo|can cu|dung) (?:dung )?(?:cac |tung "
        r"|nhung )?(?!(?:tung )?(?:thang|quy(?! dinh| che| trinh| hoach)|nam|tuan|dinh ky|6 thang"
        r"|ngay)\b)"

        rf"(?:§|thoi han|thoi gian|tien do|lo trinh|quy dinh|quy che|ke hoach|huong dan|chi dao"
        rf"|chuong trinh|noi dung|de an|du an|dot|phan cong|quyet dinh|van ban|cong van|thong bao"
        rf"|su chi dao|yeu cau|lich|moc|ket luan|nghi|hop dong|chuc nang|tham quyen|nhiem vu|luat|chi thi"
        rf"|thong tu|quy trinh|pham vi|ky bao cao|giai doan|nguon|kinh phi|thuc te){REST}"

        rf"|cung (?:thoi diem|thoi gian|ky)(?: voi)? (?=bao cao)|tien do (?:de an|du an|ke hoach"
        rf"|chung){REST}|dung (?:tien do|thoi han|han|quy dinh|thoi gian|lo trinh){REST}|nhu (?:ke hoach"
        rf"|quy dinh){REST}|quy dinh tai{REST}|§")),
    ("issue", re.compile(

        r"(?:ngaylap |ke |bat dau )?(?:sau khi|tu khi|sau ngay|tu ngay"
        r"|khi) (?:ke hoach(?: nay)? (?:duoc )?)?(?:duoc )?(?:ky|ban hanh|phe duyet)(?:,? ?(?:va )?(?:ky"
        r"|ban hanh))?(?: ke hoach(?: nay)?)?(?! (?:cac |cua |quyet dinh|van ban|huong dan|cong van|nghi "
        r"|thong tu|de an|luat|bo ))"
        r"|(?:tu|ke tu) (?:nay|bay gio|thoi diem nay)")),
    ("event", re.compile(

        rf"ngaylap(?: (?:sau|khi|lap tuc))?{REST}|(?:ke )?tu khi{REST}|sau khi{REST}|sau (?=(?:hoi nghi"
        rf"|ky hop|dot|moi|cuoc|ket|tap huan|buoi|lan|thoi diem|cong bo)){REST}"

        rf"|khi (?:co|duoc|bo|chinh phu|trung uong|ubnd|hoan|ket thuc|van ban|nhan|he thong|so ){REST}"
        rf"|sau ngay (?!\d){REST}|(?:xong |hoan thanh |cham nhat )?truoc (?:khi|tet|dai hoi|ky hop|hoi nghi|cuoc hop|phien hop"
        rf"|thoi diem (?!\d)|dot){REST}"

        rf"|(?:nhan )?dip{REST}|(?:tu|ke tu) ngay (?:co hieu luc|nhan|duoc|ke hoach|quyet dinh){REST}"
        rf"|truoc,? trong va sau{REST}")),
    ("unknown_time", re.compile(
        rf"(?:thong bao sau|chua xac dinh|khong xac dinh|se (?:thong bao|co){REST}|co thong bao{REST}"
        rf"|ngaylap lap tuc|ngay lap tuc|ngaylap|som nhat)")),
]  # fmt: skip

_ACT_WORDS = (
    "chot so lieu", "nhap so lieu", "so lieu chot", "tuyen truyen", r"trong tam~?", "tu danh gia", "hoan thanh",
    "hoan thien", "lay y kien", "nghiem thu", "phat phieu", "trien khai", "cong khai", "phat dong", "phe duyet",
    "tap trung", "tham dinh", "thanh tra", "ban giao", "ban hanh", "cao diem", "cap nhat", "danh gia", "dieu tra",
    "hoan tat", "khao sat", "kiem tra", "niem yet", "tap huan", "tham muu", "thi diem", "thu thap", "tong hop",
    "tong ket", "van hanh", "xay dung", "bao cao", "cong bo", "du thao", "ra soat", "to chuc", "so ket", "trinh",
    "xu ly", "chot", "xong", "gui", "hop", "lap", "nop",
)  # fmt: skip
"""Verbs of tasks, the longest first, so that no word hides behind its beginning."""
ACTS = re.compile(rf"(?:{'|'.join(_ACT_WORDS)})\b")
PROGRESS_ACTS = {"xong", "hoan thanh", "hoan thien", "hoan tat"}
"""Verbs that only say "done by": they add nothing to the list of jobs."""

_FILLER_WORDS = (
    r"thu (?:hai|ba|tu4?|nam|sau6?|bay|[2-7])(?! (?:cua|thang|quy))",
    r"(?:cuoi|het|truoc) gio(?: chieu| hanh chinh| lam viec)?", r"buoi (?:sang|chieu)", "cai cach hanh chinh",
    "thu tuc hanh chinh", "hoi dong nhan dan", "muc do hai long", "uy ban nhan dan", "gio hanh chinh",
    "so, ban, nganh", "ke hoach nay", "nam ke hoach", "tro ve truoc", "khan truong", r"toi~? thieu", "chinh thuc",
    "dia phuong", "dinh huong", "duong lich", "hoan thanh", "nghiem tuc", "chinh phu", "chuyen de", "cong viec",
    "cuoi cung", "danh sach", "giai doan", "giai phap", "hien hanh", "lien quan", "long ghep", "nguoi dan",
    "par index", "phuong an", "quy trinh", "tai chinh", "thanh pho", "thoi diem", "thoi gian", "thong tin",
    "thu tuong", "thuc hien", "tien hanh", "tinh hinh", "toan dien", "tung buoc", "van phong", "xong xuoi",
    "chu dong", "chu nhat", "chu tich", "cong tac", "cong van", "danh muc", "dinh muc", "dut diem", "giam doc",
    "hang muc", "he thong", "hieu qua", "ke hoach", "kip thoi", "nhiem vu", "noi dung", r"phan dau~?", "phoi hop",
    "quy dinh", "thoi han", "tiep tuc", r"toi~? da", "ve truoc", "bao gom", "bo sung", "co quan", "dien ra",
    "doi voi", "dong bo", "du kien", "du lieu", "ghi chu", "it nhat", "ket hop", "ket qua", "nhu sau", "phuc vu",
    "thoi ky", "tien do", "to chuc", "toan bo", "tu phap", "tuan le", "van ban", "yeu cau", "chi so", "co ban",
    "don vi", "neu co", "noi vu", "phuong", "tat ca", "thi xa", "tro di", "va cac", "chieu", "chung", "de an",
    "duong", "ho so", "huyen", "luu y", "nganh", "nhung", "phieu", "sipas", "thang", "bang", "buoc", "cchc", "chot",
    "dung", "duoc", "hdnd", "ngay", "nham", "phai", "phan", "sang", "theo", "tinh", "tthc", "ubnd", "viec", "vong",
    "ban", "cac", "can", "cap", "cho", "cua", "den", "dot", "gom", "han", "lan", "luc", "moc", "muc", "nay", "som",
    "tai", "tap", "thi", "toi", "voi", "bo", "ca", "co", "da", "de", "gd", "kh", "ky", "la", "se", "so", "tg", "tu",
    "va", "ve", "xa",
)  # fmt: skip
"""Words that may stand in a time cell without changing it; any other word makes the answer doubtful."""
FILLER = re.compile(rf"(?:{'|'.join(_FILLER_WORDS)})(?![a-z0-9~])")
