"""Slugs stand where pages of Django's admin stand: /admin/<slug>/."""

import re

import pytest
from django.contrib import admin
from django.urls import URLPattern, URLResolver

from workspaces.settings.slugs import RESERVED_SLUGS, SLUG_PATTERN, BadSlug, check_slug


def first_segments(patterns) -> set[str]:
    """Return what the addresses of a URL map begin with, where that could be a slug."""
    segments = set()
    for pattern in patterns:
        assert isinstance(pattern, URLPattern | URLResolver)
        first = str(pattern.pattern).lstrip("^").split("/")[0]
        alternatives = re.fullmatch(r"\(\?P<\w+>(.*)\)", first)
        segments.update(alternatives[1].split("|") if alternatives else [first])
    return {segment for segment in segments if re.fullmatch(SLUG_PATTERN, segment)}


def test_no_workspace_can_hide_a_page_of_the_staff_admin():
    segments = first_segments(admin.site.urls[0])

    assert {"auth", "login"} <= segments
    assert segments <= set(RESERVED_SLUGS)


@pytest.mark.parametrize("slug", RESERVED_SLUGS)
def test_reserved_slug_is_refused(slug):
    with pytest.raises(BadSlug):
        check_slug(slug)


@pytest.mark.parametrize("slug", ["ab", "a1", "acme-studio", "1-2", "x" * 50])
def test_good_slug_is_taken(slug):
    assert check_slug(slug) == slug


@pytest.mark.parametrize(
    "slug", ["", "a", "A-b", "-ab", "ab-", "a b", "a_b", "a.b", "äb", "a/b", "ab\n", "x" * 51]
)
def test_bad_slug_is_refused(slug):
    with pytest.raises(BadSlug, match="2 to 50 characters"):
        check_slug(slug)
