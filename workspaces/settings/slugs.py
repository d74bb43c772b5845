"""What a workspace may be called in URLs."""

import re

# Letters, digits and single hyphens; 2 to 50 characters. Used by the database constraint.
SLUG_PATTERN = r"^[a-z0-9]([a-z0-9-]{0,48})[a-z0-9]$"

# First path segments of the staff admin at /admin/, and names that a page there may want.
# tests/workspaces/settings/test_slugs.py compares the list with the URL map.
RESERVED_SLUGS = (
    "admin",
    "api",
    "auth",
    "autocomplete",
    "contenttypes",
    "docs",
    "jsi18n",
    "leads",
    "login",
    "logout",
    "new",
    "password_change",
    "sandbox",
    "sessions",
    "static",
    "workspaces",
)


class BadSlug(ValueError):
    """The text cannot be a workspace's slug; `str()` says why."""


def check_slug(slug: str) -> str:
    """Return the slug, or raise BadSlug with a sentence that says what to change."""
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise BadSlug(
            "A slug has 2 to 50 characters: lower-case letters, digits and hyphens, "
            "and a letter or digit at both ends."
        )
    if slug in RESERVED_SLUGS:
        raise BadSlug(f"The slug {slug!r} is taken by a page of /admin/. Choose another.")
    return slug
