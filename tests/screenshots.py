"""python -m tests.screenshots: every page, wide and narrow, light and dark, empty, short and long.

Leads with ordinary long data are photographed at the widths between as well.

Starts what it needs, makes its own data, and writes PNG files to screenshots/.
"""

import sys
from datetime import timedelta
from pathlib import Path

import tests.conftest  # noqa: F401  the environment of the tests, and django.setup()

# isort: split
from django.core.management import call_command
from django.utils import timezone

from coachbot.sandbox.server import Sandbox
from leads.management import seeding
from tests import browser
from tests.client import Api
from tests.factories import make_cast, make_invitation, make_phone, make_user
from tests.hosted_form import QUESTIONS, publish
from tests.leads.intake_addresses.forms import make_connected_forms
from tests.ordinary_data import make_ordinary_leads
from tests.pages import visitor_pages, workspace_pages
from tests.servers import ROOT, WebServer

FOLDER = ROOT / "screenshots"
SIZES = ((1440, "light"), (1440, "dark"), (390, "light"), (390, "dark"))
MORE_SIZES = tuple((width, "light") for width in (768, 820, 1024, 1280, 1920))
LONG = "-long"
ROW_COUNTS = (0, 3, 500)


def main() -> None:
    """Write the screenshots of the pages whose name contains the first argument, or of all."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if browser.find() is None:
        raise SystemExit(f"No Chromium is installed: {browser.HOW}.")
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    FOLDER.mkdir(exist_ok=True)
    with Sandbox(port=0) as sandbox, browser.launch() as chromium:
        web = WebServer(VAPI_BASE_URL=sandbox.base_url, PUBLIC_API_RATE_LIMITS="1000/m").start()
        try:
            for pages, user in (({"": visitor_pages()}, None), *casts(sandbox, web)):
                for suffix, paths in pages.items():
                    shoot(chromium, web, user, suffix, paths, wanted)
        finally:
            web.stop()


def casts(sandbox, web):
    """Yield the pages of a workspace with few, with many and with long rows, and its owner."""
    long = make_cast(sandbox).workspace
    publish(long, questions=tuple(question for question, _ in QUESTIONS))
    seeding.seed(long, leads=2, rows=9, days=2, now=timezone.now())
    leads = make_ordinary_leads(long)
    make_connected_forms(long)
    pages = {
        f"lead-{place}": f"/admin/{long.slug}/leads/{lead.pk}" for place, lead in enumerate(leads)
    }
    yield {LONG: workspace_pages(long) | pages}, make_user(long)
    for count in ROW_COUNTS:
        cast = make_cast(sandbox)
        owner = make_user(cast.workspace)
        if count:
            seeding.seed(
                cast.workspace, leads=count, rows=count, days=20, now=timezone.now(), first=count
            )
            make_invitation(cast.workspace, inviter=owner.memberships.get())
            make_invitation(cast.workspace, expires_at=timezone.now() - timedelta(days=1))
            api = Api(web.base_url, cast.key)
            api.submit(name="Jane Doe", phone=make_phone("10"), email="jane@example.com")
            api.submit(name="John Roe", phone=make_phone("41"))
        yield {f"-{count}": workspace_pages(cast.workspace)}, owner


def shoot(chromium, web, user, suffix, pages, wanted) -> None:
    """Write a PNG of each page in each width and colour scheme."""
    pages = {name: path for name, path in pages.items() if wanted in name + suffix}
    for width, scheme in (*SIZES, *MORE_SIZES) if suffix == LONG else SIZES:
        size = {"width": width, "height": 900}
        tab = browser.Tab(chromium, web.base_url, user, viewport=size, color_scheme=scheme)
        for name, path in pages.items():
            take(tab.page, path, FOLDER / f"{name}{suffix}-{width}-{scheme}.png")
        tab.close()


def take(page, path: str, file: Path) -> None:
    """Write one PNG. Log rows with an error and a lead's steps are opened: so they are read."""
    page.goto(path)
    for folded in page.locator("details.steps, details.step-body").all()[:3]:
        folded.locator("summary").first.click()
    for row in page.locator(".log-row:has(.log-error)").all()[:1]:
        row.locator("summary").click()
        row.locator(".log-sides").wait_for()
    page.screenshot(path=file, full_page=not file.name.startswith(("leads-500", "logs-500")))
    print(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
