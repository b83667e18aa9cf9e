"""What is wrong with a field of a form, in the words an office uses.

Django's own Vietnamese is translated word by word ("Đảm bảo giá trị này là nhỏ hơn hoặc bằng với 100"). Its messages
are lazy translations and are put anew here; messages of our models and forms are plain text and stay as written.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.functional import Promise

BY_FIELD: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateField, "Ngày chưa đúng. Viết ngày trước, tháng sau, ví dụ 10/06/2024."),
    (forms.DateTimeField, "Thời điểm chưa đúng. Ví dụ: 10/06/2024 14:30."),
    (forms.EmailField, "Địa chỉ thư điện tử chưa đúng."),
    (forms.DecimalField, "Cần nhập một số, ví dụ 37,5."),
    (forms.FloatField, "Cần nhập một số, ví dụ 37,5."),
    (forms.IntegerField, "Cần nhập một số nguyên."),
    (forms.FileField, "Không nhận được tệp. Đề nghị chọn lại."),
    (forms.ModelChoiceField, "Lựa chọn này không có trong danh sách."),
)
BY_CODE = {
    "required": "Cần điền mục này.",
    "invalid_choice": "Lựa chọn này không có trong danh sách.",
    "invalid_list": "Lựa chọn này không có trong danh sách.",
    "max_value": "Không được lớn hơn {limit_value}.",
    "min_value": "Không được nhỏ hơn {limit_value}.",
    "max_length": "Dài quá {limit_value} ký tự (đang có {show_value}).",
    "min_length": "Cần ít nhất {limit_value} ký tự (đang có {show_value}).",
    "empty": "Tệp này rỗng.",
    "missing": "Chưa chọn tệp.",
    "invalid_extension": "Không nhận loại tệp “.{extension}”.",
    "password_too_common": "Mật khẩu này quá phổ biến, dễ bị đoán.",
    "password_too_short": "Mật khẩu cần ít nhất {min_length} ký tự.",
    "password_too_similar": "Mật khẩu quá giống thông tin của tài khoản.",
}


def fault_words(bound: BoundField) -> list[str]:
    """Return the faults of a field, one sentence each."""
    return [_words(bound.field, fault) for fault in bound.errors.as_data()]


def _words(field: forms.Field, fault: ValidationError) -> str:
    said = str(fault.messages[0])
    if not isinstance(fault.message, Promise):
        return said
    if fault.code == "required" and isinstance(field, forms.FileField):
        return BY_CODE["missing"]
    if fault.code == "required" and isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return "Cần chọn một mục."
    if template := BY_CODE.get(fault.code or ""):
        try:
            return template.format(**(fault.params or {}))
        except KeyError:
            return said
    if fault.code == "invalid":
        return next((words for kind, words in BY_FIELD if isinstance(field, kind)), said)
    return said
