"""Pages of platform staff: users, workspaces, keys without secrets, and the log to read."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet

from workspaces.members import owners
from workspaces.models import ApiKey, LogEntry, Membership, Role, User, Workspace


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at, and not to touch. Counts none of them: there may be millions."""

    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class MembershipFormSet(BaseInlineFormSet):
    """The members of a workspace, of whom one stays an owner."""

    def clean(self):
        super().clean()
        if any(self.errors) or not self.instance.pk:
            return
        members = [form for form in self.forms if form not in self.deleted_forms]
        if any(form.cleaned_data.get("role") == Role.OWNER for form in members):
            return
        shown = [form.instance.pk for form in self.initial_forms]
        if owners.would_lack(self.instance, given_up=shown):
            raise ValidationError(owners.NEEDS_OWNER)


class MembershipInline(admin.TabularInline):
    model = Membership
    formset = MembershipFormSet
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People sign in by e-mail, so there is no user name."""

    ordering = ["email"]
    list_display = ["email", "is_active", "is_staff", "last_login"]
    search_fields = ["email"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Rights", {"fields": ["is_active", "is_staff", "is_superuser", "user_permissions"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "usable_password", "password1", "password2"]})]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = ["user_permissions"]

    def get_deleted_objects(self, objs, request):
        """Name what keeps people from being deleted: workspaces that they alone own."""
        *found, protected = super().get_deleted_objects(objs, request)
        owned = [f"{workspace.slug}: {owners.NEEDS_OWNER}" for workspace in owners.left_by(objs)]
        return *found, [*protected, *owned]


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin):
    """Deleted by their owners only: there it goes in parts, and asks for the slug."""

    list_display = ["slug", "name", "channel", "is_paused", "created_at"]
    search_fields = ["slug", "name"]
    inlines = [MembershipInline]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ["prefix", "name", "workspace", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["workspace"]
    search_fields = ["prefix"]
    exclude = ["digest"]


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "workspace", "kind", "action", "outcome", "status_code"]
    list_select_related = ["workspace"]
    list_filter = ["kind", "outcome"]
    ordering = ["-id"]
