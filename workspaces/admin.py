"""Pages of platform staff: users, workspaces and their dashboards, keys without secrets."""

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html

from workspaces.forms.members import RoleForm
from workspaces.members import owners, roles, staff
from workspaces.models import ApiKey, Membership, Role, User, Workspace

# How a list is told which workspace it is of, as Django's admin names it.
OF_WORKSPACE = "workspace__id__exact"


class BoundedPaginator(Paginator):
    """Counts no more rows than anybody would leaf through: there may be millions."""

    MOST = 1_000

    @cached_property
    def count(self):
        rows = cast(QuerySet, self.object_list)
        return rows[: self.MOST].count()


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at, and not to touch."""

    paginator = BoundedPaginator
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class FoundRowsAdmin(ReadOnlyAdmin):
    """Rows of a large table: shown once they are looked for, or one workspace is chosen.

    No index goes over all workspaces, and all people of all of them are nobody's list.
    """

    search_fields = ["pk"]  # shows the field; find() decides what it means
    list_select_related = ["workspace"]
    ordering = ["-created_at"]

    def find(self, queryset, text):
        """Return the rows that a text means."""
        raise NotImplementedError

    def get_search_results(self, request, queryset, search_term):
        if text := search_term.strip():
            return self.find(queryset, text), False
        return queryset if OF_WORKSPACE in request.GET else queryset.none(), False


def dashboard_link(workspace: Workspace, page: str = ""):
    """Return a link to a workspace's dashboard, by the page that asks who is no member to join.

    page: a path below the dashboard, its overview where none is given.
    """
    url = reverse("admin:workspaces_workspace_dashboard", args=[workspace.pk])
    return format_html('<a href="{}?next={}">Dashboard</a>', url, page)


class MembershipInline(admin.TabularInline):
    """Who is in a workspace, to read: members change in the dashboard, where it is logged."""

    model = Membership
    fields = readonly_fields = ("user", "role", "created_at")
    extra = 0
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user", "workspace")

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


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

    list_display = ["slug", "name", "channel", "is_paused", "created_at", "dashboard", "rows"]
    search_fields = ["slug", "name"]
    search_help_text = "Name or slug"
    ordering = ["slug"]
    inlines = [MembershipInline]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view
        own = [
            path(
                "<int:pk>/dashboard/",
                view(self.open_dashboard),
                name="workspaces_workspace_dashboard",
            ),
            path("<int:pk>/leave/", view(self.leave), name="workspaces_workspace_leave"),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description="Dashboard")
    def dashboard(self, workspace):
        return dashboard_link(workspace)

    @admin.display(description="Rows")
    def rows(self, workspace):
        lists = ("leads_lead", "leads_call", "workspaces_logentry")
        urls = [reverse(f"admin:{name}_changelist") for name in lists]
        return format_html(
            '<a href="{}?{of}">Leads</a> · <a href="{}?{of}">Calls</a> · <a href="{}?{of}">Log</a>',
            *urls,
            of=f"{OF_WORKSPACE}={workspace.pk}",
        )

    def open_dashboard(self, request, pk):
        """GET goes to the dashboard of who is a member, and asks others to join; POST joins."""
        workspace = get_object_or_404(Workspace, pk=pk)
        wanted = _page_of(workspace, request.GET.get("next", ""))
        if staff.membership_of(workspace, request.user):
            return redirect(wanted)
        if not request.user.has_perm("workspaces.add_membership"):
            raise PermissionDenied
        form = RoleForm(request.POST or None, initial={"role": Role.AGENT})
        if request.method != "POST" or not form.is_valid():
            return self._ask(request, "join", workspace, form=form)
        staff.join(workspace=workspace, user=request.user, role=form.cleaned_data["role"])
        return redirect(wanted)

    def leave(self, request, pk):
        """GET asks; POST ends the membership of who asks."""
        workspace = get_object_or_404(Workspace, pk=pk)
        if request.method != "POST":
            return self._ask(request, "leave", workspace)
        try:
            staff.leave(workspace=workspace, user=request.user)
        except roles.CannotChange as error:
            messages.error(request, str(error))
        else:
            messages.success(request, f"You are no member of {workspace.name}.")
        return redirect("admin:workspaces_workspace_changelist")

    def _ask(self, request, deed, workspace, **context):
        site = self.admin_site.each_context(request)
        context = {**site, "title": workspace.name, "workspace": workspace, **context}
        return render(request, f"admin/workspaces/workspace/{deed}.html", context)


def _page_of(workspace: Workspace, wanted: str) -> str:
    """Return a page of a workspace's dashboard, the overview where another place is wanted."""
    overview = reverse("overview", args=[workspace.slug])
    return wanted if wanted.startswith(overview) else overview


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = [
        "prefix",
        "name",
        "workspace",
        "preset",
        "created_at",
        "last_used_at",
        "revoked_at",
    ]
    list_select_related = ["workspace"]
    search_fields = ["prefix__exact"]
    search_help_text = "The 8 characters after ck_live_"
    exclude = ["digest"]
