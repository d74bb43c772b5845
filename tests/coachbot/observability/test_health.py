"""/healthz and /readyz: what load balancers and supervisors ask."""

import requests

from tests.servers import free_port


def test_living_process_says_ok(web):
    response = requests.get(f"{web.base_url}/healthz", timeout=5)

    assert (response.status_code, response.text) == (200, "ok\n")


def test_process_with_database_cache_and_migrations_is_ready(web):
    response = requests.get(f"{web.base_url}/readyz", timeout=5)

    assert response.status_code == 200
    checks = dict.fromkeys(["database", "migrations", "clock", "cache", "static"], True)
    assert response.json() == {"ok": True, **checks}


def test_process_without_its_database_lives_but_is_not_ready(start_web):
    gone = f"postgres://user:hunter2@127.0.0.1:{free_port()}/gone"
    server = start_web(DATABASE_URL=gone, DATABASE_POOL_TIMEOUT="1")

    ready = requests.get(f"{server.base_url}/readyz", timeout=10)
    alive = requests.get(f"{server.base_url}/healthz", timeout=10)

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert ready.json()["database"] is False
    assert "hunter2" not in ready.text + server.output()


def test_unmigrated_database_is_not_ready(start_web, tmp_path):
    server = start_web(DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite3'}")

    response = requests.get(f"{server.base_url}/readyz", timeout=10)

    assert response.status_code == 503
    assert response.json()["migrations"] is False


def test_probes_answer_over_plain_http_and_for_any_host(start_web):
    server = start_web(SECURE_SSL_REDIRECT="1")

    response = requests.get(
        f"{server.base_url}/healthz", headers={"Host": "10.0.0.7"}, timeout=5, allow_redirects=False
    )

    assert response.status_code == 200
