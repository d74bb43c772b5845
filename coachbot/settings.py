"""Settings, all from the environment, with defaults for development.

`.env.example` lists every variable. One that cannot be read raises ImproperlyConfigured with
a sentence that says what to write. With DEBUG=0 nothing falls back to a development secret:
so does a missing one.
"""

import hashlib
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.retry import Retry

from coachbot.configuration import development
from coachbot.configuration import environment as env
from coachbot.configuration import service_urls as urls
from coachbot.http.bodies.sizes import LARGEST_FORM
from coachbot.observability import logs

BASE_DIR = Path(__file__).resolve().parent.parent

env.load_file(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG", default=True)

DEVELOPMENT_SECRET_KEY = "development-only-" + "k" * 50
# 32 zero bytes in base64: plainly not a secret.
DEVELOPMENT_ENCRYPTION_KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="


def secret(name, development, how):
    """Return a secret; in production it has to be set, and not to the development value."""
    value = env.secret(name)
    if DEBUG:
        return value or development
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set it to {how}, or set DEBUG=1.")
    if development in value:
        raise ImproperlyConfigured(f"{name} is the development value. Set it to {how}.")
    return value


SECRET_KEY = secret(
    "SECRET_KEY", DEVELOPMENT_SECRET_KEY, "a random string of at least 50 characters"
)
# One key, or several with commas between: the first seals, all of them open.
ENCRYPTION_KEYS = secret(
    "ENCRYPTION_KEY", DEVELOPMENT_ENCRYPTION_KEY, "32 random bytes in base64"
).split(",")

PUBLIC_BASE_URL = urls.origin("PUBLIC_BASE_URL", default="http://127.0.0.1:8000")
_public = urlsplit(PUBLIC_BASE_URL)
_public_host = _public.hostname or ""
if DEBUG:
    _keys = {
        "SECRET_KEY": SECRET_KEY == DEVELOPMENT_SECRET_KEY,
        "ENCRYPTION_KEY": DEVELOPMENT_ENCRYPTION_KEY in ENCRYPTION_KEYS,
    }
    development.check_keys(_public_host, [name for name, is_known in _keys.items() if is_known])
if ":" in _public_host:
    _public_host = f"[{_public_host}]"
ALLOWED_HOSTS = urls.hosts("ALLOWED_HOSTS") or [
    _public_host,
    *(["localhost", "127.0.0.1", "[::1]"] if DEBUG else []),
]
# Pages come from there, also where a proxy does not pass the port on in the Host header.
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
# How many proxies in front of us add to X-Forwarded-For; 0 means that nobody may.
TRUSTED_PROXIES = env.integer("TRUSTED_PROXIES", default=0, most=100)

# --- Applications -----------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "coachbot.apps.CoachbotAdminConfig",
    "whitenoise.runserver_nostatic",
    "coachbot.apps.CoachbotStaticFilesConfig",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "coachbot.db",
    "coachbot.work",
    "coachbot.mail",
    "coachbot.sent_forms",
    "workspaces",
    "leads",
]
# Its commands are for a clone at work on a desk. The image does not hold it, whatever DEBUG says.
if DEBUG and find_spec("coachbot.sandbox"):
    INSTALLED_APPS.append("coachbot.sandbox")

MIDDLEWARE = [
    "coachbot.http.middleware.probes",
    "coachbot.http.middleware.api_paths",
    "coachbot.http.middleware.request_id",
    "coachbot.http.middleware.access_log",
    "coachbot.http.middleware.api_envelope",
    "coachbot.http.pages.middleware.small_forms",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "coachbot.http.pages.middleware.ContentPolicy",
    "coachbot.http.pages.middleware.StaticFiles",
    "coachbot.http.pages.middleware.Sessions",
    "django.middleware.csrf.CsrfViewMiddleware",
    "coachbot.http.pages.middleware.SignedIn",
    "coachbot.http.pages.time_zone.browser_time_zone",
    "coachbot.http.pages.middleware.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "coachbot.http.pages.middleware.faults_of_ours",
]

# What is sent as a file is not kept, but for the views of coachbot.http.bodies.uploads.
FILE_UPLOAD_HANDLERS: list[str] = []
DATA_UPLOAD_MAX_MEMORY_SIZE = LARGEST_FORM

ROOT_URLCONF = "coachbot.urls"
CSRF_FAILURE_VIEW = "coachbot.http.pages.faults.csrf_failure"
# Coachbot has a host name to itself. gunicorn takes SCRIPT_NAME from a header as well, and what
# one request said would stand in the addresses that later ones are told.
FORCE_SCRIPT_NAME = ""
WSGI_APPLICATION = "coachbot.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["coachbot.http.pages.moments"],  # every list says moments
        },
    },
]

# --- Database and cache -----------------------------------------------------------------

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": urls.database("DATABASE_URL", default_path=str(BASE_DIR / "coachbot.sqlite3"))
}
# Options in the URL, such as ?sslmode=require, stand beside ours.
_options = DATABASES["default"]["OPTIONS"]

DATABASE_POOL_SIZE = env.integer("DATABASE_POOL_SIZE", default=8, least=1)  # of a process
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that reads first and writes later would otherwise fail
    # with "database is locked" instead of waiting for its turn.
    _options |= {
        "transaction_mode": "IMMEDIATE",
        "timeout": env.seconds("DATABASE_LOCK_TIMEOUT", default=10),
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    # Seconds after which PostgreSQL gives a query up, and a wait for a lock.
    DATABASE_TIME_LIMITS = {
        "statement_timeout": env.seconds("DATABASE_STATEMENT_TIMEOUT", default=10),
        "lock_timeout": env.seconds("DATABASE_LOCK_TIMEOUT", default=5),
    }
    _prepare = env.flag("DATABASE_PREPARED_STATEMENTS", default=True)
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps connections, threads do not
    # They belong to one connection of PostgreSQL, and PgBouncer may give each query another.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    _options |= {
        "pool": {
            "min_size": 1,
            "max_size": DATABASE_POOL_SIZE,
            "timeout": env.seconds("DATABASE_POOL_TIMEOUT", default=3, least=0.1),
        },
        # PostgreSQL keeps the plans of the queries that a connection repeats: a third of
        # what a read costs it. Behind a PgBouncer older than 1.21 this has to be off.
        "server_side_binding": _prepare,
        "prepare_threshold": 5 if _prepare else None,
        "application_name": "coachbot",  # in pg_stat_activity
        "connect_timeout": 3,
        # Milliseconds until a server that no longer answers on the network is given up.
        "tcp_user_timeout": 10_000,
        "options": " ".join(f"-c {name}={s:.3f}s" for name, s in DATABASE_TIME_LIMITS.items()),
    }

REDIS_URL = urls.redis_url("REDIS_URL")
REDIS_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    # One fresh connection where a kept one died with a restart of Redis. Not after a
    # time-out: the counter may have been raised all the same.
    "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
}
if REDIS_URL:
    _cache = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": [REDIS_URL],  # in a list: a string would be cut at commas
        "OPTIONS": REDIS_OPTIONS,
    }
else:
    _cache = {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        # Django's default of 300 would throw counters away under load.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
CACHES = {
    "default": _cache,
    "rate_limit_names": {"BACKEND": "workspaces.rate_limits.counters.NamingCache"},
    # What pages show again and again. Of a process: no page fails or waits for it.
    "glances": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "glances",
    },
}
RATELIMIT_USE_CACHE = "rate_limit_names"
# The package's own defaults: it looks them up for each window, and Django is slow to say
# that a setting is not there.
RATELIMIT_ENABLE = True
RATELIMIT_CACHE_PREFIX = "rl:"
RATELIMIT_HASH_ALGORITHM = hashlib.sha256

# --- Work that is due -------------------------------------------------------------------

# Without Redis the worker's queue is a file, beside that of the database.
_database = DATABASES["default"]
_beside = Path(_database["NAME"]) if "sqlite3" in _database["ENGINE"] else BASE_DIR / "coachbot"
WORK_QUEUE_PATH = env.file_path(
    "WORK_QUEUE_PATH", default=str(_beside.with_name(f"{_beside.stem}-work.sqlite3"))
)
# Tasks that one worker runs at once.
WORK_THREADS = env.integer("WORK_THREADS", default=16, least=1, most=env.MOST_WORK_THREADS)

# --- Sign-in ----------------------------------------------------------------------------

AUTH_USER_MODEL = "workspaces.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_HASHERS = ["coachbot.passwords.BoundedHasher"]
# Attempts to sign in to an account from one network, or from one browser that it knows ...
SIGN_IN_RATE_LIMIT = env.text("SIGN_IN_RATE_LIMIT", default="10/15m")
# ... from all networks together, and to all accounts from one network.
SIGN_IN_ACCOUNT_RATE_LIMIT = env.text("SIGN_IN_ACCOUNT_RATE_LIMIT", default="100/15m")
SIGN_IN_ADDRESS_RATE_LIMIT = env.text("SIGN_IN_ADDRESS_RATE_LIMIT", default="50/15m")
# Mails to set a new password: to one account, and asked for from one network.
PASSWORD_MAIL_RATE_LIMIT = env.text("PASSWORD_MAIL_RATE_LIMIT", default="5/h")
PASSWORD_MAIL_ADDRESS_RATE_LIMIT = env.text("PASSWORD_MAIL_ADDRESS_RATE_LIMIT", default="20/h")
# Invitations: of one workspace, of one member; and to one person, whoever invites.
INVITATION_RATE_LIMIT = env.text("INVITATION_RATE_LIMIT", default="30/h")
# What is written to an agent that is tried out, by one member.
TRY_AGENT_RATE_LIMIT = env.text("TRY_AGENT_RATE_LIMIT", default="60/10m")
INVITATION_RECIPIENT_RATE_LIMIT = env.text("INVITATION_RECIPIENT_RATE_LIMIT", default="5/h")

# --- HTTPS ------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=not DEBUG)
# The API refuses plain HTTP (see coachbot.http.middleware) instead of redirecting it.
SECURE_REDIRECT_EXEMPT = [r"^api/"]
# Where HTTPS has a port of its own, the Host header of a request over HTTP does not know it.
SECURE_SSL_HOST = _public.netloc if _public.port else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
X_FRAME_OPTIONS = "DENY"
# Everything a page needs comes from here: no inline script or style, no other host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# HSTS for all subdomains and browsers' preload lists concern hosts that are not ours.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# --- Language, time, static files, mail -------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "coachbot" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "coachbot.http.static_files.LenientStorage"
    },
}
# Development serves static files from their folders; production from STATIC_ROOT.
WHITENOISE_USE_FINDERS = DEBUG

# What Django is asked to send is written down, and the worker sends it by MAIL_BACKEND.
EMAIL_BACKEND = "coachbot.mail.backend.Outbox"
_mail = urls.mail("EMAIL_URL")
MAIL_BACKEND: str = _mail.pop("MAIL_BACKEND")
vars().update(_mail)
MAIL_IS_PRINTED = not env.text("EMAIL_URL")
MAIL_IS_OFF = not DEBUG and MAIL_IS_PRINTED
# Seconds that the mail server may take for a mail, in whole: the worker ends within 25.
EMAIL_TIMEOUT = env.seconds("EMAIL_TIMEOUT", default=10, least=0.1, most=12)
DEFAULT_FROM_EMAIL = env.sender("DEFAULT_FROM_EMAIL", default="Coachbot <coachbot@localhost>")

# --- Public API -------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["coachbot.http.bodies.parsers.CappedJSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "coachbot.http.envelope.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": "coachbot.http.envelope.OkMetadata",
    "EXCEPTION_HANDLER": "coachbot.http.envelope.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Coachbot Public API",
    "VERSION": "1.0.0",
    "DESCRIPTION": f"Submit leads and read what became of them. Guides: {PUBLIC_BASE_URL}/docs",
    "OAS_VERSION": "3.1.0",
    "CONTACT": {"name": "Whoever runs this Coachbot", "url": PUBLIC_BASE_URL},
    "LICENSE": {"name": "Proprietary", "url": f"{PUBLIC_BASE_URL}/docs"},
    "TAGS": [
        {"name": "Leads", "description": "Submit leads, and read what became of them."},
        {"name": "Forms", "description": "What form builders send."},
        {"name": "Vapi", "description": "What Vapi reports and asks for."},
        {"name": "Cal.com", "description": "What Cal.com reports."},
        {"name": "Description", "description": "This description."},
    ],
    "SERVERS": [{"url": PUBLIC_BASE_URL}],
    "PREPROCESSING_HOOKS": ["coachbot.http.openapi.without_trailing_slash"],
    "POSTPROCESSING_HOOKS": [],  # the one of the library makes a component of each list of words
}
# Requests per API key: comma-separated count/period, periods s, m, h or d.
PUBLIC_API_RATE_LIMITS = env.words("PUBLIC_API_RATE_LIMITS", default=("5/m", "100/h"))
# Empty: reads are counted together with all other requests.
PUBLIC_API_READ_LIMITS = env.words("PUBLIC_API_READ_LIMITS", default=())
# ... and per address of a form.
INTAKE_RATE_LIMITS = env.words("INTAKE_RATE_LIMITS", default=("30/m", "500/h"))
# Requests per address that fail authentication.
FAILED_KEY_RATE_LIMIT = env.text("FAILED_KEY_RATE_LIMIT", default="30/m")

# --- The hosted form --------------------------------------------------------------------

# Forms that are taken in, as each may cost a call: from one address, and of one workspace.
FORM_RATE_LIMITS = env.words("FORM_RATE_LIMITS", default=("30/h",))
FORM_WORKSPACE_RATE_LIMIT = env.text("FORM_WORKSPACE_RATE_LIMIT", default="300/h")
# Who fills a form in more quickly than this many seconds is no person.
FORM_LEAST_SECONDS = env.seconds("FORM_LEAST_SECONDS", default=2)

# --- Vapi -------------------------------------------------------------------------------

VAPI_BASE_URL = urls.base_url("VAPI_BASE_URL", default="https://api.vapi.ai")
# Seconds that Vapi may take for an answer. A request is answered within 15 seconds, so
# a larger value leaves no time to look an unclear call up.
VAPI_TIMEOUT = env.seconds("VAPI_TIMEOUT", default=8, least=0.1)
# Vapi has no idempotency key: what became of a request without a clear answer is read from
# its list of calls. Seconds that Vapi may go on working at a request it never answered ...
VAPI_SILENT_WORK = env.seconds("VAPI_SILENT_WORK", default=20)
# ... and seconds that a call may be missing from the list after it was made. Vapi promises
# neither figure; larger ones make a second call less likely and the settling slower.
VAPI_LISTING_LAG = env.seconds("VAPI_LISTING_LAG", default=8)

# --- Threads that wait for providers ----------------------------------------------------

# Per process. A call holds a thread for as long as Vapi takes; so does whatever else asks a
# provider. Together they leave some for reads, the dashboard and webhooks (check_start).
# gunicorn.conf.py sets WEB_THREADS where nobody did.
WEB_THREADS = env.integer("WEB_THREADS", default=96, least=5)
# Calls that are being placed, and all else that is asked of Vapi.
CALLS_IN_FLIGHT = env.integer(
    "CALLS_IN_FLIGHT", default=max(1, min(WEB_THREADS * 5 // 8, WEB_THREADS - 4)), least=1
)
# How many more may wait for one of these to end.
_rest = max(0, WEB_THREADS - CALLS_IN_FLIGHT)
CALLS_WAITING = env.integer("CALLS_WAITING", default=min(WEB_THREADS // 16, _rest // 4))
# Tool calls that need the calendar, and all else that is asked of Cal.com.
CALCOM_IN_FLIGHT = env.integer(
    "CALCOM_IN_FLIGHT", default=max(1, min(WEB_THREADS // 8, _rest // 3)), least=1
)
# Turns of the agent are thought of in workers, whose threads do all else that is due besides.
_rest -= CALLS_WAITING + CALCOM_IN_FLIGHT + 1
OPENAI_IN_FLIGHT = env.integer(
    "OPENAI_IN_FLIGHT",
    default=max(1, min(WEB_THREADS // 12, WORK_THREADS // 2, _rest // 2)),
    least=1,
)
# In a worker: the same where it was set, else 0, for most of its threads (work.worker).
OPENAI_IN_WORKER = env.integer("OPENAI_IN_FLIGHT", default=0)
# Messages, and all else that is asked of Twilio.
TWILIO_IN_FLIGHT = env.integer(
    "TWILIO_IN_FLIGHT",
    default=max(1, min(WEB_THREADS // 24, (_rest - OPENAI_IN_FLIGHT) // 2)),
    least=1,
)
# In a worker: the same where it was set, else 0, for half of its threads.
TWILIO_IN_WORKER = env.integer("TWILIO_IN_FLIGHT", default=0)

# Exports that a process sends at once: each takes a thread for as long as its reader does.
EXPORTS_AT_ONCE = env.integer("EXPORTS_AT_ONCE", default=max(1, WEB_THREADS // 16), least=1)
# Seconds in which a reader has to take a piece of an answer, else it is cut off.
WEB_SEND_TIMEOUT = env.seconds("WEB_SEND_TIMEOUT", default=30, least=1)

# Recordings are heard on the lead's page; their links lead to Vapi's storage.
CONTENT_SECURITY_POLICY["DIRECTIVES"]["media-src"] = [
    *("'self'", "https:"),
    # The sandbox of a development machine.
    *([VAPI_BASE_URL] if VAPI_BASE_URL.startswith("http://") else []),
]

# --- Cal.com ----------------------------------------------------------------------------

CALCOM_BASE_URL = urls.base_url("CALCOM_BASE_URL", default="https://api.cal.com/v2")
# Seconds that Cal.com may take for an answer. Vapi waits 20 seconds for a tool, and a
# booking whose answer is lost has to be looked up within them.
CALCOM_TIMEOUT = env.seconds("CALCOM_TIMEOUT", default=10, least=0.1)

# --- Twilio, for WhatsApp ---------------------------------------------------------------

TWILIO_BASE_URL = urls.base_url("TWILIO_BASE_URL", default="https://api.twilio.com")
TWILIO_MESSAGING_BASE_URL = urls.base_url(
    "TWILIO_MESSAGING_BASE_URL", default="https://messaging.twilio.com"
)
TWILIO_CONTENT_BASE_URL = urls.base_url(
    "TWILIO_CONTENT_BASE_URL", default="https://content.twilio.com"
)
# Seconds that Twilio may take for an answer. What it does not answer in time is looked up.
TWILIO_TIMEOUT = env.seconds("TWILIO_TIMEOUT", default=10, least=0.1)
# Seconds after which a message that Twilio did not answer for is in Twilio's list, or was not sent.
TWILIO_LISTING_LAG = env.seconds("TWILIO_LISTING_LAG", default=40, least=1)

# --- The language model -----------------------------------------------------------------

# OpenAI's API or one that is spoken to alike, with the version: all of a deployment use it.
OPENAI_BASE_URL = urls.base_url("OPENAI_BASE_URL", default="https://api.openai.com/v1")
# Seconds that it may take for one answer: a turn, which may need several, has a lease to keep.
OPENAI_TIMEOUT = env.seconds("OPENAI_TIMEOUT", default=60, least=0.1, most=60)
# --- Webhooks ---------------------------------------------------------------------------

# Whether they may be sent over plain HTTP, to any port and to addresses inside: for tests.
WEBHOOK_ALLOW_PRIVATE = env.flag("WEBHOOK_ALLOW_PRIVATE", default=False)

# --- Logging ----------------------------------------------------------------------------

# One JSON line each, or lines for people.
LOG_JSON = env.flag("LOG_JSON", default=not DEBUG)
LOGGING = logs.configuration(as_json=LOG_JSON)

# --- Metrics ----------------------------------------------------------------------------

# Empty: there is no /metrics. Else its `Authorization: Bearer` token.
METRICS_TOKEN = env.token("METRICS_TOKEN")
# Gauges that are read when somebody looks: name to text and function.
METRICS_GAUGES = {
    "coachbot_oldest_unsettled_message_seconds": (
        "Age of the oldest message that is not sent, or not known to be.",
        "leads.messages.settling.oldest_unsettled_seconds",
    ),
    "coachbot_oldest_unsettled_call_seconds": (
        "Age of the oldest call of which nobody can say yet whether it was placed.",
        "leads.calls.placing.reconcile.oldest_dialing_call_seconds",
    ),
    "coachbot_worker_last_seen_seconds": (
        "Time since a worker was last seen; before the first one, since the database was migrated.",
        "coachbot.work.heartbeat.last_seen_seconds",
    ),
    "coachbot_oldest_waiting_mail_seconds": (
        "Age of the oldest mail that the mail server has not taken yet.",
        "coachbot.mail.outbox.oldest_waiting_seconds",
    ),
    "coachbot_oldest_undelivered_event_seconds": (
        "Age of the oldest event that an endpoint which is on has not taken yet.",
        "workspaces.webhooks.delivery.oldest_undelivered_seconds",
    ),
    "coachbot_clock_difference_seconds": (
        "How far this machine's clock is ahead of the database's; below 0 where it is behind.",
        "coachbot.db.clock.difference_seconds",
    ),
    "coachbot_longest_overdue_task_seconds": (
        "Time since the periodic task was due that has been due the longest and is not done.",
        "coachbot.work.runs.longest_overdue_seconds",
    ),
}
