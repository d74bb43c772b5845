"""A real nginx with the recipe of deploy/nginx, on free ports."""

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
RECIPE = ROOT / "deploy" / "nginx" / "coachbot.conf"
MAIN = """daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log warn;
events {{ worker_connections 1024; }}
http {{ access_log {folder}/nginx-access.log; client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy; include {folder}/coachbot.conf; }}
"""


@dataclass(frozen=True)
class Nginx:
    """Where a running nginx is reached: its ports, and the certificate to trust."""

    tls_port: int
    plain_port: int
    certificate: Path

    @property
    def base_url(self) -> str:
        return f"https://127.0.0.1:{self.tls_port}"

    def is_up(self) -> bool:
        try:
            return requests.get(
                f"{self.base_url}/healthz", verify=str(self.certificate), timeout=5
            ).ok
        except (requests.ConnectionError, requests.Timeout):
            return False


def is_installed() -> bool:
    return shutil.which("nginx") is not None


@contextmanager
def running(folder: Path, ports: tuple[int, int]) -> Iterator[Nginx]:
    """Run nginx in front of the web servers on two ports, which may be one."""
    certificate, key = make_certificate(folder, HOST)
    nginx = Nginx(free_port(), free_port(), certificate)
    text = RECIPE.read_text()
    for old, new in {
        "listen 443 ssl": f"listen 127.0.0.1:{nginx.tls_port} ssl",
        "listen 80": f"listen 127.0.0.1:{nginx.plain_port}",
        "127.0.0.1:8001": f"127.0.0.1:{ports[0]}",
        "127.0.0.1:8002": f"127.0.0.1:{ports[1]}",
        f"/etc/letsencrypt/live/{HOST}/fullchain.pem": str(certificate),
        f"/etc/letsencrypt/live/{HOST}/privkey.pem": str(key),
    }.items():
        assert old in text, f"{RECIPE.name} says {old} no more"
        text = text.replace(old, new)
    (folder / "coachbot.conf").write_text(text)
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder))
    process = subprocess.Popen([shutil.which("nginx"), "-c", str(folder / "nginx.conf")])
    try:
        wait_until(nginx.is_up, "nginx")
        yield nginx
    finally:
        process.terminate()
        process.wait(timeout=30)
