"""How gunicorn serves Coachbot. Every figure can be set from the environment."""

import os

from django.core.exceptions import ImproperlyConfigured

from coachbot.start import check_start

wsgi_app = "coachbot.wsgi:application"
worker_class = "coachbot.worker.DrainingWorker"
bind = os.environ.get("WEB_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
# Without Redis the rate limits are counted in memory, so there is one process.
workers = int(os.environ.get("WEB_CONCURRENCY", "2" if os.environ.get("REDIS_URL") else "1"))
# A thread that waits for Vapi costs little; one that is missing keeps a caller waiting.
threads = int(os.environ.get("WEB_THREADS", "64"))
backlog = 2048
keepalive = int(os.environ.get("WEB_KEEPALIVE", "30"))
# A request takes 15 seconds at most; a stopping worker lets all of them finish.
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_TIMEOUT", "30"))
timeout = int(os.environ.get("WEB_TIMEOUT", "60"))
limit_request_field_size = 32_768
control_socket_disable = True  # nothing asks for it, and it would write to the home folder


def on_starting(server):
    """Refuse to start, with one sentence, where the settings are wrong."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coachbot.settings")
    try:
        check_start(server.cfg.workers)
    except ImproperlyConfigured as error:
        # gunicorn prints the text of a RuntimeError and nothing else.
        raise RuntimeError(f"Coachbot cannot start: {error}") from None
