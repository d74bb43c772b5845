"""Static files of production: compressed, named by their content, and not needed for a page."""

from pathlib import Path

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class LenientStorage(CompressedManifestStaticFilesStorage):
    """Names a file that was not collected as it is: the page then lacks its looks, no more."""

    manifest_strict = False

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if content is not None:
                raise
            return name


def missing() -> str:
    """Return a sentence that says what was not collected and how to do it, or ""."""
    manifest = Path(settings.STATIC_ROOT) / LenientStorage.manifest_name
    if settings.DEBUG or manifest.exists():
        return ""
    return (
        f"Pages have no styles: the static files are not in STATIC_ROOT ({settings.STATIC_ROOT}). "
        "Run `python manage.py collectstatic --noinput`, then start again."
    )
