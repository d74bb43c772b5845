"""Static files of production: compressed, named by their content, and not needed for a page."""

import logging
import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Engine, TemplateSyntaxError
from django.template.loader import get_template
from whitenoise.storage import CompressedManifestStaticFilesStorage

logger = logging.getLogger(__name__)

STATIC_TAG = re.compile(r"""\{% static ['"]([^'"]+)['"] %\}""")


class LenientStorage(CompressedManifestStaticFilesStorage):
    """Names a file that was not collected as it is: the page then lacks its looks, no more."""

    manifest_strict = False

    def load_manifest(self):
        """Take a list that cannot be read for none: it may be half written."""
        try:
            return super().load_manifest()
        except ValueError:
            logger.exception("The list of static files cannot be read")
            return {}, ""

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if content is not None:
                raise
            return name


def missing() -> str:
    """Return a sentence that says what was not collected and how to do it, or ""."""
    if settings.DEBUG or not (lacking := sorted(needed() - collected())):
        return ""
    told = ", ".join(lacking[:3]) + (f" and {len(lacking) - 3} more" if len(lacking) > 3 else "")
    return (
        f"Pages lack their looks: {told} of the templates are not in STATIC_ROOT "
        f"({settings.STATIC_ROOT}). "
        "Run `python manage.py collectstatic --noinput`, then start again."
    )


def is_complete() -> bool:
    """Return whether this process has all static files that its templates name."""
    global _is_complete
    if _is_complete is None:
        _is_complete = not missing()
    return _is_complete


# Neither templates nor the list change under a running process: see load_templates().
_is_complete: bool | None = None


def needed() -> set[str]:
    """Return the names of the static files that our templates ask for."""
    return {name for path in _templates() for name in STATIC_TAG.findall(path.read_text())}


def collected() -> set[str]:
    """Return the names of the static files in the list that this process goes by."""
    return set(getattr(staticfiles_storage, "hashed_files", ()))


def load_templates() -> None:
    """Keep all templates, and whether they have what they need, as they are now.

    A `git pull` may change them before the restart. One that cannot be read is left to the page
    that asks for it.
    """
    is_complete()
    for path in _templates():
        if path.suffix != ".html":
            continue
        try:
            get_template(str(path.relative_to(_folder())))
        except TemplateSyntaxError:
            logger.exception("A template cannot be read: %s", path.name)


def _templates() -> list[Path]:
    return [path for path in sorted(_folder().rglob("*")) if path.is_file()]


def _folder() -> Path:
    return Path(Engine.get_default().dirs[0])
