"""The worker: Huey's consumer, with a beat that finds what is due, and an end that is gentle."""

import logging
import signal
import threading
import time

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import autodiscover_modules
from huey import consumer
from huey.consumer import Consumer, Scheduler

from coachbot.configuration import complaints
from coachbot.providers import limits
from coachbot.work import engine, kept, runs

logger = logging.getLogger(__name__)

# Seconds that running tasks have to end once the worker is told to stop. Supervisors wait longer:
# compose.yaml and deploy/systemd/coachbot-work.service.
GRACEFUL_TIMEOUT = 25
# Seconds after which a thread asks an empty file again. Redis wakes it; there, this is the longest
# pause after an error.
FILE_PAUSE, REDIS_PAUSE = 1.0, 10.0
# Seconds to leave the database alone after it failed, and to say no more of a queue that is away.
OUTAGE_PAUSE = 5.0
# What Huey's threads log with a traceback, each of them, while it is.
QUEUE_IS_AWAY = ("Error reading from queue", "Error reading schedule.")


class Beat(Scheduler):
    """Looks every second what is due, beside what Huey's own scheduler does."""

    def loop(self, now=None):
        try:
            runs.wake_due()
        except Exception as error:  # the beat goes on, whatever it was: no file left to open, ...
            logger.warning("The database did not say what is due: %s", error)
            self.stop_flag.wait(OUTAGE_PAUSE)
        finally:
            close_old_connections()
        super().loop(now)


class Worker(Consumer):
    """Runs tasks in threads until SIGTERM or SIGINT; a second signal ends it at once."""

    scheduler_class = Beat

    def start(self):
        threading.Thread(target=keep_leases, name="Leases", daemon=True).start()
        super().start()
        signal.signal(signal.SIGINT, lambda *_: signal.raise_signal(signal.SIGTERM))
        logger.info("The worker has started, with %s threads", self.workers)

    def stop(self, graceful=False):
        logger.info("The worker was told to stop")
        super().stop(graceful)
        logger.info("The worker has stopped")


def keep_leases() -> None:
    """Renew the leases of what runs here as long as the process lives, also while it stops."""
    while True:
        pause = 1.0
        try:
            runs.renew()
            kept.renew()
        except Exception as error:  # another try comes before any lease has run out
            logger.warning("The database took no renewal of leases: %s", error)
            pause = OUTAGE_PAUSE
        finally:
            close_old_connections()
        time.sleep(pause)


class OneLine(logging.Filter):
    """Lets Huey say in one line, and once in a while, what all of its threads find out at once."""

    def __init__(self) -> None:
        super().__init__()
        self._silent_until: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.msg not in QUEUE_IS_AWAY or not record.exc_info:
            return True
        message, now = str(record.msg), time.monotonic()
        if now < self._silent_until.get(message, 0.0):
            return False
        self._silent_until[message] = now + OUTAGE_PAUSE
        record.msg, record.args = f"{message.rstrip('.')}: %s", (record.exc_info[1],)
        record.exc_info = record.exc_text = None
        return True


def _resize_limits(threads: int) -> None:
    """Give what only workers do the most of their threads, and let it wait for a place."""
    limits.OPENAI.resize(
        places=settings.OPENAI_IN_WORKER or max(1, threads * 3 // 4), waiting=threads
    )
    limits.TWILIO.resize(places=settings.TWILIO_IN_WORKER or max(1, threads // 2), waiting=threads)


def work(*, threads: int) -> None:
    """Do what is due until the process is told to stop.

    Raises ImproperlyConfigured where the queue cannot be written, and DatabaseError.
    """
    one_line = OneLine()
    for kind in (consumer.Worker, consumer.Scheduler):  # a logger's filters are its own alone
        logging.getLogger(f"huey.consumer.{kind.process_name}").addFilter(one_line)
    autodiscover_modules("tasks")
    engine.prepare()
    runs.prepare()
    close_old_connections()
    complaints.tell()
    _resize_limits(threads)
    Worker(
        engine.engine,
        workers=threads,
        periodic=False,  # Huey's own know no lease
        max_delay=REDIS_PAUSE if engine.engine.storage.blocking else FILE_PAUSE,
        shutdown_timeout=GRACEFUL_TIMEOUT,
        graceful_signal="TERM",
    ).run()
