"""How notices reach people: addresses that do not, and the province's own messenger."""

from django.db import models
from django.db.models import Q

from notices.models.notice import Notice


class BouncedAddress(models.Model):
    """An address that the mail system said cannot be reached; it counts as none until the person has another one."""

    address = models.EmailField("địa chỉ", unique=True, help_text="Chữ thường.")
    at = models.DateTimeField("bị trả lúc")
    answer = models.TextField("máy chủ thư trả lời", blank=True)

    class Meta:
        ordering = ["-at"]
        verbose_name = "địa chỉ không nhận được thư"
        verbose_name_plural = "địa chỉ không nhận được thư"

    def __str__(self) -> str:
        return self.address


class WebhookDelivery(models.Model):
    """One notice on its way to the province's own messenger: a row a notice, kept as the letters are."""

    class State(models.TextChoices):
        """Where the delivery stands."""

        WAITING = "waiting", "chờ chuyển"
        SENT = "sent", "đã chuyển"
        FAILED = "failed", "không chuyển được"
        DROPPED = "dropped", "không cần chuyển nữa"

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="webhook_delivery")
    state = models.CharField("trạng thái", max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("số lần thử", default=0)
    next_attempt_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("chuyển lúc", null=True, blank=True)
    error = models.TextField("lỗi", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "lượt chuyển tin nhắn"
        verbose_name_plural = "lượt chuyển tin nhắn"
        indexes = [
            models.Index(fields=["next_attempt_at", "id"], name="waiting_delivery", condition=Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.notice.key}: {self.get_state_display()}"
