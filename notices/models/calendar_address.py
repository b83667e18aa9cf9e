"""Private calendar addresses [địa chỉ lịch]: a person's, or an agency's in the hands of one of its people."""

from secrets import token_urlsafe

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from agencies.access import access_of
from agencies.models import Agency, User

BYTES = 32
"""Random bytes of an address: whoever knows the address reads the calendar, so nobody may guess it."""


class CalendarAddressQuerySet(models.QuerySet["CalendarAddress"]):
    """Addresses as questions ask for them."""

    def visible_to(self, user: User) -> "CalendarAddressQuerySet":
        """A person sees the addresses that they were given."""
        return self.filter(user=user)

    def standing(self) -> "CalendarAddressQuerySet":
        """Return addresses that were not revoked."""
        return self.filter(revoked_at__isnull=True)


class CalendarAddress(models.Model):
    """One private address under which a phone reads due dates. It stops answering when it is revoked, when the account
    is closed, or when the person leaves the agency.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="calendar_addresses")
    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="lịch của cơ quan"
    )
    token = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("lập lúc", auto_now_add=True)
    revoked_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    read_at = models.DateTimeField("đọc gần nhất", null=True, blank=True)

    objects = CalendarAddressQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = "địa chỉ lịch"
        verbose_name_plural = "địa chỉ lịch"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "agency"],
                condition=Q(revoked_at__isnull=True),
                name="one_calendar_address_at_a_time",
                nulls_distinct=False,
                violation_error_message="Địa chỉ lịch này đã có. Hãy thu hồi địa chỉ cũ trước khi lập địa chỉ mới.",
            )
        ]

    def __str__(self) -> str:
        return f"Lịch của {self.agency or self.user}"

    def get_absolute_url(self) -> str:
        """Return the private address."""
        return reverse("calendar-feed", args=[self.token])

    @classmethod
    def give(cls, user: User, agency: Agency | None = None) -> "CalendarAddress":
        """Return the person's address for their own work or for an agency of theirs; a new one where there is none."""
        if agency is not None and agency.pk not in access_of(user).own:
            raise ValidationError("Anh/chị chỉ lập được lịch của cơ quan mình đang công tác.")
        address, _ = cls.objects.standing().get_or_create(
            user=user, agency=agency, revoked_at=None, defaults={"token": token_urlsafe(BYTES)}
        )
        return address

    def revoke(self) -> None:
        """End the address for good; a new one may be given."""
        CalendarAddress.objects.standing().filter(pk=self.pk).update(revoked_at=timezone.now())

    @classmethod
    def answering_to(cls, token: str) -> "CalendarAddress | None":
        """Return the address of that token if it still answers today."""
        address = (
            cls.objects.standing().filter(token=token, user__is_active=True).select_related("user", "agency").first()
        )
        if address is None:
            return None
        own = access_of(address.user).own
        may = address.agency_id in own if address.agency_id else bool(own)
        return address if may else None
