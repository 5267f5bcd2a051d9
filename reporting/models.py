"""Did we reach them? What was promised, what was noted by hand, and what was published."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from events.models import Event, Series
from outbox.models import LeasedWork
from people.models import Person
from tickets.models import Registration, Ticket


class Target(models.Model):
    """A promised number on a rung, with who counts and by when: all of it data, printed beside the figure."""

    class Rung(models.TextChoices):
        REGISTERED = "registered", "Registered"
        ATTENDED = "attended", "Attended"
        REACHED = "reached", "Reached"
        ENCOUNTER = "encounter", "Encounter"
        MEANINGFUL_ENCOUNTER = "meaningful-encounter", "Meaningful encounter"
        ENGAGED = "engaged", "Engaged"
        INVITED = "invited", "Invited"
        EVENTS_HELD = "editions-held", "Editions held"

    class Residence(models.TextChoices):
        EVERYONE = "everyone", "Everyone counts; home borough is shown"
        REGION = "region", "Only residents of the six boroughs count"

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    rung = models.CharField(max_length=20, choices=Rung)
    goal = models.PositiveIntegerField(help_text="the promised number, or the low end of a range")
    goal_high = models.PositiveIntegerField(
        null=True, blank=True, help_text="the high end, where a range was promised"
    )

    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    min_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="years on the event day")
    max_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="years on the event day")
    residence = models.CharField(max_length=8, choices=Residence, default=Residence.EVERYONE)
    starts_on = models.DateField(null=True, blank=True, help_text="where the plan line starts")
    due_date = models.DateField()
    agreed_by = models.CharField(max_length=120, blank=True, help_text="empty: not agreed yet, and said so")
    agreed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="where the promise is written")

    class Meta:
        ordering = ["due_date", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(series__isnull=False, event__isnull=True)
                | Q(series__isnull=True, event__isnull=False),
                name="reporting_target_has_one_scope",
            ),
            models.CheckConstraint(condition=Q(goal__gte=1), name="reporting_target_promises_something"),
            models.CheckConstraint(
                condition=Q(goal_high__isnull=True) | Q(goal_high__gte=F("goal")),
                name="reporting_target_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Invitation(models.Model):
    """An influencer, longlisted > invited (dated, by whom, evidence) > accepted, declined,
    no reply > came."""

    class Answer(models.TextChoices):
        NONE = "none", "No reply"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)
    field = models.CharField(max_length=120, blank=True, help_text="what they are known for")
    why_key = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=80, blank=True)
    longlisted_at = models.DateTimeField()
    invited_on = models.DateField(null=True, blank=True)
    invited_by = models.CharField(max_length=120, blank=True)
    evidence = models.CharField(max_length=300, blank=True, help_text="where the dated invitation is kept")
    invited_recorded_at = models.DateTimeField(
        null=True, blank=True, help_text="when the system learned of the invitation"
    )
    answer = models.CharField(max_length=8, choices=Answer, default=Answer.NONE)
    answered_on = models.DateField(null=True, blank=True)
    came = models.BooleanField(null=True, blank=True, help_text="empty: not recorded")
    published = models.CharField(max_length=300, blank=True, help_text="what they published about it")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(invited_on__isnull=True) | (~Q(invited_by="") & ~Q(evidence="")),
                name="reporting_invitation_has_evidence",
            )
        ]

    def __str__(self) -> str:
        return self.name


class HandCount(models.Model):
    """Heads counted without names; shown on their own line, never deduplicated. Superseded, never edited."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    age_band = models.CharField(max_length=8, blank=True, help_text="empty: not known")
    heads = models.PositiveIntegerField()
    is_online = models.BooleanField(
        default=False, help_text="took part online: shown apart from who was there"
    )
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    def __str__(self) -> str:
        return f"{self.heads} heads at event {self.event_id}"


class AttendanceCorrection(models.Model):
    """Attendance of one ticket by hand, with reason and author. Superseded, never edited."""

    class Attendance(models.TextChoices):
        CAME = "came", "Came"
        DID_NOT_COME = "did-not-come", "Did not come"
        NOT_RECORDED = "not-recorded", "Not recorded"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    attendance = models.CharField(max_length=12, choices=Attendance)
    reason = models.CharField(max_length=300)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    def __str__(self) -> str:
        return f"ticket {self.ticket_id}: {self.attendance}"


class NearMatch(models.Model):
    """Two people who may be one: a pair of ids and the reason. Undecided ones make the figure a range."""

    class Decision(models.TextChoices):
        UNDECIDED = "undecided", "Undecided"
        SAME = "same", "The same person"
        DIFFERENT = "different", "Two people"

    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=40)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "near matches"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="reporting_near_match_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="reporting_near_match_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class NearMatchDecision(models.Model):
    """What somebody decided about a pair; the latest holds, so that every as_at can be asked."""

    near_match = models.ForeignKey(NearMatch, on_delete=models.CASCADE, related_name="decisions")
    decision = models.CharField(max_length=9, choices=NearMatch.Decision)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["decided_at", "id"]

    def __str__(self) -> str:
        return f"{self.near_match_id}: {self.decision}"


class PublishedReport(models.Model):
    """A frozen, numbered report, with the aggregates it used. Never changed."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="published_reports")
    number = models.PositiveIntegerField()
    as_at = models.DateTimeField()
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rule_version = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    report = models.JSONField(help_text="the public report object, as published")
    aggregates = models.JSONField(help_text="the exact aggregates it was made from; no person")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["target", "number"], name="reporting_published_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.target} report {self.number}"


class ReportAccess(models.Model):
    """Who opened live, exact figures, on which face, and when."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="accesses")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    face = models.CharField(max_length=12)
    as_at = models.DateTimeField()
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "report accesses"
        indexes = [models.Index(fields=["target", "-opened_at"], name="reporting_access_latest")]

    def __str__(self) -> str:
        return f"{self.face} of target {self.target_id} at {self.opened_at:%Y-%m-%d %H:%M}"


class SchoolType(models.Model):
    """What kind of place a group came from, noted by an organiser;
    it stays when the group's name is erased."""

    class Kind(models.TextChoices):
        MAINSTREAM = "mainstream", "Mainstream school"
        SPECIAL = "special", "Special school"
        ALTERNATIVE = "alternative", "Alternative provision"
        COLLEGE = "college", "College or sixth form"
        CLUB = "club", "Youth club"
        HOME = "home", "Home education"
        OTHER = "other", "Something else"

    registration = models.OneToOneField(Registration, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"registration {self.registration_id}: {self.kind}"


class MorningFigure(models.Model):
    """The exact figure of a large programme as it was last counted, for the organisers' dashboard; no person.

    Kept only where counting takes long (morning.py); counted again in the background once somebody looked.
    """

    target = models.OneToOneField(Target, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(help_text="the report object, exact")
    counted_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when somebody saw that it was old")

    def __str__(self) -> str:
        return f"target {self.target_id} at {self.counted_at:%Y-%m-%d %H:%M}"


class ReportSchedule(models.Model):
    """A report that is published and mailed to the board again and again."""

    class Every(models.TextChoices):
        WEEK = "week", "Every week"
        MONTH = "month", "Every month"
        QUARTER = "quarter", "Every quarter"

    target = models.OneToOneField(Target, on_delete=models.CASCADE, related_name="schedule")
    every = models.CharField(max_length=7, choices=Every)
    next_date = models.DateField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"target {self.target_id} {self.every}, next {self.next_date}"


class ReportJob(LeasedWork):
    """A report that is made in the background, with its progress; the file is kept here for a day."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="jobs")
    face = models.CharField(max_length=4, default="pdf")
    as_at = models.DateTimeField()
    is_public = models.BooleanField(default=False)
    progress = models.PositiveSmallIntegerField(default=0, help_text="per cent")
    step = models.CharField(max_length=60, blank=True)
    content = models.BinaryField(blank=True, default=b"")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta(LeasedWork.Meta):
        ordering = ["-asked_at"]
        constraints = [
            *LeasedWork.Meta.constraints,
            models.CheckConstraint(condition=Q(progress__lte=100), name="reporting_job_progress"),
        ]

    def __str__(self) -> str:
        return f"report job {self.pk} ({self.state})"
