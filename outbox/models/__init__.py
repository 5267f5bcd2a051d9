from outbox.models.leased_work import LeasedWork, LeasedWorkQuerySet
from outbox.models.messages import Message
from outbox.models.webhooks import Delivery, Webhook
from outbox.models.work_runs import WorkRun

__all__ = ["Delivery", "LeasedWork", "LeasedWorkQuerySet", "Message", "Webhook", "WorkRun"]
