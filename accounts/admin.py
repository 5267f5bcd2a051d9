"""How does an administrator invite people, give them roles and take them back? At /control/."""

from django.contrib import admin

from accounts.models import ApiToken, User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Nobody has a password: they sign in by a code in the mail or a passkey."""

    list_display = ("email", "name", "roles", "is_active", "is_staff")
    list_filter = ("groups", "is_active")
    search_fields = ("email", "name")
    filter_horizontal = ("groups",)
    fields = ("email", "name", "groups", "is_active", "is_staff", "is_superuser")

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    def save_model(self, request, user, form, change) -> None:
        user.email = User.objects.normalize_email(user.email).lower()
        if not change:
            user.set_unusable_password()
        super().save_model(request, user, form, change)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens are made by `manage.py api_token` and only revoked here."""

    list_display = ("user", "label", "created_at", "revoked_at")
    fields = ("user", "label", "created_at", "revoked_at")
    readonly_fields = ("user", "label", "created_at")

    def has_add_permission(self, request) -> bool:
        return False
