"""What is said: notices and letters (`notice`), how a plan and a person want it (`settings`), how it arrives (`delivery`).

`urging` is the record of urging late agencies, `calendar_address` the private calendars of people and agencies.
"""

from notices.models.calendar_address import CalendarAddress, CalendarAddressQuerySet
from notices.models.delivery import BouncedAddress, WebhookDelivery
from notices.models.notice import Letter, LetterQuerySet, Notice, NoticeQuerySet, RoundRun
from notices.models.settings import MutedKind, PlanNoticeSettings, WeeklyLetter, usual_steps, usual_urgent
from notices.models.urging import Urging, UrgingQuerySet

__all__ = [
    "BouncedAddress",
    "CalendarAddress",
    "CalendarAddressQuerySet",
    "Letter",
    "LetterQuerySet",
    "MutedKind",
    "Notice",
    "NoticeQuerySet",
    "PlanNoticeSettings",
    "RoundRun",
    "Urging",
    "UrgingQuerySet",
    "WebhookDelivery",
    "WeeklyLetter",
    "usual_steps",
    "usual_urgent",
]
