"""compose.yaml: what a container that was taken over could still do."""

import re

import pytest
import yaml

from tests.command_line import run
from tests.servers import ROOT

SERVICES = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
# Ours are built here; others name at least their minor version.
PINNED = re.compile(r"coachbot|[a-z]+:\d+\.\d+(?:\.\d+)?(?:@sha256:[0-9a-f]{64})?")
# Needed to begin as root and go on as somebody else; nobody has more.
FEW = {"CHOWN", "DAC_OVERRIDE", "FOWNER", "NET_BIND_SERVICE", "SETGID", "SETUID"}
BEGIN_AS_ROOT = {"nginx", "postgres"}


@pytest.mark.parametrize("name", SERVICES)
def test_service_can_do_no_more_than_it_needs(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert PINNED.fullmatch(service["image"])
    assert set(service.get("cap_add", ())) <= (FEW if name in BEGIN_AS_ROOT else set())


def test_whatever_goes_on_running_is_looked_after():
    assert [name for name in SERVICES if "healthcheck" not in SERVICES[name]] == ["migrate"]


def test_image_runs_as_a_user_of_its_own():
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert "USER coachbot" in lines
    assert lines.index("USER coachbot") < lines.index('CMD ["gunicorn"]')


@pytest.mark.parametrize(("seen", "code"), [("10", 0), ("500", 1)])
def test_worker_that_is_away_is_found_unhealthy(seen, code):
    [*_, look] = SERVICES["work"]["healthcheck"]["test"]
    played = "from coachbot.work import heartbeat as h; h.last_seen_seconds = lambda: " + seen

    done = run("-c", look.replace("d.setup();", f"d.setup(); {played};"))

    assert (done.returncode, done.stderr) == (code, "")
