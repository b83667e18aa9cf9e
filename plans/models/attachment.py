"""One file that a person may attach to a request; served only through a checked view."""

from django.db import models

from plans.files import stored_name
from plans.models.work import NewEvidence

WAITING_LONG = 2
"""Days after which a request counts as unanswered: "quá 48 giờ". See `waits_long`."""


class OneFile(models.Model):
    """A row that may carry one file, with the name people gave it and its size in bytes."""

    file = models.FileField("tệp kèm theo", upload_to="requests/%Y/%m/", blank=True)
    file_name = models.CharField("tên tệp", max_length=255, blank=True)
    file_size = models.PositiveIntegerField("cỡ (byte)", default=0)

    class Meta:
        abstract = True

    def take_file(self, new: NewEvidence | None) -> None:
        """Take over the file that is about to be saved with the row, under a plain name on the disk."""
        if new is None:
            return
        new.file.name = stored_name(new.name)
        self.file = new.file
        self.file_name = new.name[:255]
        self.file_size = new.file.size
