"""What do organisers do with it? Messages, files, and what was handed over or erased."""

from desk.models.announcements import Announcement
from desk.models.export_files import Export
from desk.models.privacy import DataHandedOver, ErasureReceipt

__all__ = ["Announcement", "DataHandedOver", "ErasureReceipt", "Export"]
