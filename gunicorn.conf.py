"""How gunicorn serves Coachbot. Every figure can be set from the environment or in .env."""

import gc
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from django.utils.module_loading import import_string

from coachbot.configuration import environment as env
from coachbot.observability import logs

wsgi_app = "coachbot.wsgi:application"
worker_class = "coachbot.server.worker.DrainingWorker"
backlog = 2048
# Slow clients take a connection each, and no thread: as many as there are files for, but some.
worker_connections = max(200, min(4000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200))
with env.one_sentence():
    env.load_file(Path(__file__).parent / ".env")
    port = env.integer("PORT", default=9600, most=env.LARGEST_PORT)
    bind = env.listen("WEB_BIND", default=f"127.0.0.1:{port}")
    # Without Redis the rate limits are counted in memory, so there is one process.
    workers = env.integer("WEB_CONCURRENCY", default=2 if env.text("REDIS_URL") else 1, least=1)
    # A thread that waits for Vapi costs little; one that is missing keeps a caller waiting.
    threads = env.integer("WEB_THREADS", default=96, least=5)
    # Longer than nginx keeps a connection idle (keepalive_timeout in deploy/nginx), so that it is
    # nginx which closes, and never sends a request into a connection that is being closed here.
    keepalive = env.integer("WEB_KEEPALIVE", default=75)
    # A request takes 15 seconds at most; a stopping worker lets all of them finish.
    graceful_timeout = env.integer("WEB_GRACEFUL_TIMEOUT", default=30)
    timeout = env.integer("WEB_TIMEOUT", default=60)
    # A process is replaced after this many requests, give or take a tenth: memory that a
    # library leaks does not pile up. 0 means never, and so does a single process.
    max_requests = env.integer("WEB_MAX_REQUESTS", default=50_000)
    if workers == 1:
        # It ends before its successor begins, once what it has in flight is done: for up to 15
        # seconds nobody would be answered. Its rate limits, in memory, would begin anew too.
        max_requests = 0
    # Whose X-Forwarded-Proto is believed: the addresses of the proxies in front.
    forwarded_allow_ips = env.proxies("FORWARDED_ALLOW_IPS", default="127.0.0.1,::1")
    # gunicorn's own lines look like those of the settings, from the first one on.
    logconfig_dict = logs.configuration(
        as_json=env.flag("LOG_JSON", default=not env.flag("DEBUG", default=True))
    )
    has_metrics = bool(env.token("METRICS_TOKEN"))
os.environ["WEB_THREADS"] = str(threads)  # the settings derive the concurrency limits from it
max_requests_jitter = max_requests // 10
limit_request_field_size = 32_768
accesslog = None  # coachbot.http.middleware.access_log writes the line for each request
control_socket_disable = True  # nothing asks for it, and it would write to the home folder

# The processes share their figures for /metrics through files.
if has_metrics and "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="coachbot-metrics-")


def on_starting(server):
    """Refuse to start, with one sentence, where the settings are wrong.

    Checked in a process of its own: what is imported here, every later worker would
    inherit, and a reload (SIGHUP) would go on with the old code.
    """
    command = [sys.executable, "-m", "coachbot.server.start", str(server.cfg.workers)]
    check = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if check.returncode:
        # gunicorn prints the text of a RuntimeError and nothing else.
        raise RuntimeError(f"Coachbot cannot start: {check.stdout.strip()}")


def post_fork(server, worker):
    """Look for no garbage while modules are imported, which leave none: a seventh of a start."""
    gc.set_threshold(1_000_000)


def post_worker_init(worker):
    """Look whether all is ready, and keep the collections of garbage, which stop all threads,
    short and rare.

    Modules live as long as the process and are looked at no more. What is left to do takes 1 to
    10 ms every few seconds while a hundred calls are being placed, and 25 to 40 ms every few
    minutes.
    """
    import_string("coachbot.observability.health.look_ahead")()
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 10, 20)


def child_exit(server, worker):
    """Take a process that ended out of the gauges."""
    import_string("coachbot.observability.metrics.forget_process")(worker.pid)


def on_exit(server):
    """Remove the figures that the processes shared."""
    shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)
