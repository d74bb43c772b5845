"""A real nginx with the files of deploy/nginx, on free ports."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from tests.certificates import make_certificate
from tests.servers import ROOT, free_port, wait_until

HOST = "coachbot.example"
RECIPES = ROOT / "deploy" / "nginx"
NOBODY = 1  # a port on which nobody listens
# Folders of tests are closed to the user that nginx would take for its workers.
MAIN = """user root; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log warn;
events {{ worker_connections 1024; }}
http {{ access_log {folder}/nginx-access.log; client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy; include {folder}/conf.d/*.conf; }}
"""


@dataclass(frozen=True)
class Nginx:
    """Where a running nginx is reached: its ports, and the certificate to trust if it has one.

    folder: of its files.
    """

    tls_port: int
    plain_port: int
    certificate: Path | None
    folder: Path

    @property
    def base_url(self) -> str:
        """Return where it serves pages: over HTTPS where it can."""
        if self.certificate:
            return f"https://127.0.0.1:{self.tls_port}"
        return f"http://127.0.0.1:{self.plain_port}"

    def is_up(self) -> bool:
        verify = str(self.certificate) if self.certificate else None
        try:
            requests.get(f"{self.base_url}/healthz", verify=verify, timeout=5)
        except (requests.ConnectionError, requests.Timeout):
            return False
        return True


def is_installed() -> bool:
    return shutil.which("nginx") is not None


@contextmanager
def running(folder: Path, ports: tuple[int, int], submissions: int = NOBODY) -> Iterator[Nginx]:
    """Run the recipe for systemd in front of the web servers on two ports, which may be one.

    submissions: the port of the second pool, if there is one.
    """
    certificate, key = make_certificate(folder, HOST)
    nginx = Nginx(free_port(), free_port(), certificate, folder)
    _lay_out(folder)
    text = _replaced(
        RECIPES / "coachbot.conf",
        {
            "/var/log/nginx/": f"{folder}/",
            "listen 443 ssl": f"listen 127.0.0.1:{nginx.tls_port} ssl",
            "listen 80": f"listen 127.0.0.1:{nginx.plain_port}",
            "127.0.0.1:8001": f"127.0.0.1:{ports[0]}",
            "127.0.0.1:8002": f"127.0.0.1:{ports[1]}",
            "127.0.0.1:8003": f"127.0.0.1:{submissions}",
            f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
            f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
        },
    )
    (folder / "conf.d" / "coachbot.conf").write_text(text)
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with _process(command, nginx):
        yield nginx


@contextmanager
def running_in_compose(
    folder: Path,
    web: int,
    submissions: int,
    *,
    with_certificates: bool = True,
    published: str = "",
) -> Iterator[Nginx]:
    """Run what compose.yaml mounts as the container does, by its own script.

    web, submissions: the ports of the two services. published: HTTPS_PORT, unless it is to
    be where nginx listens.
    """
    _lay_out(folder)
    certificate = _certificates(folder) if with_certificates else None
    nginx = Nginx(free_port(), free_port(), certificate, folder)
    replaced = {
        # Names without Docker's DNS, and what Debian's nginx is too old for.
        "pools.conf": {
            "web:8000 resolve": f"127.0.0.1:{web}",
            "submissions:8000 resolve": f"127.0.0.1:{submissions}",
        },
        "http.conf": {
            "/var/log/nginx/": f"{folder}/",
            "listen 80": f"listen 127.0.0.1:{nginx.plain_port}",
        },
        "https.conf": {
            "/var/log/nginx/": f"{folder}/",
            "listen 443 ssl": f"listen 127.0.0.1:{nginx.tls_port} ssl",
            "listen 80": f"listen 127.0.0.1:{nginx.plain_port}",
            "http2 on;": "",
        },
    }
    shutil.copytree(RECIPES / "compose", folder / "coachbot")
    for name, parts in replaced.items():
        (folder / "coachbot" / name).write_text(_replaced(RECIPES / "compose" / name, parts))
    environment = {**os.environ, "HTTPS_PORT": published or f"127.0.0.1:{nginx.tls_port}"}
    with _process(["sh", str(folder / "coachbot" / "start.sh")], nginx, environment):
        yield nginx


def _lay_out(folder: Path) -> None:
    """Make what stands in /etc/nginx whatever the recipe."""
    shutil.copytree(RECIPES / "snippets", folder / "snippets")
    (folder / "conf.d").mkdir()
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))


def _certificates(folder: Path) -> Path:
    """Write what ./certs holds. Return the certificate."""
    certs = folder / "certs"
    certs.mkdir()
    certificate, key = make_certificate(certs, HOST)
    key.rename(certs / "privkey.pem")
    return certificate.rename(certs / "fullchain.pem")


def _replaced(path: Path, parts: dict[str, str]) -> str:
    """Return the text of a file with parts of it replaced. Each must be there."""
    text = path.read_text()
    for old, new in parts.items():
        assert old in text, f"{path.name} says {old} no more"
        text = text.replace(old, new)
    return text


@contextmanager
def _process(command: list[str], nginx: Nginx, environment: dict | None = None) -> Iterator[None]:
    process = subprocess.Popen(command, env=environment)
    try:
        wait_until(nginx.is_up, "nginx")
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)
