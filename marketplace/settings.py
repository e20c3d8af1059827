"""The settings, all of them, from environment variables (docs/operations.md lists them).

MARKETPLACE_ENV says where this runs: development (the default), test or production. Production refuses
what is only fit for a laptop. A bad value stops the start with a sentence that names the variable.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from marketplace.clockwork import CELERY_BEAT_SCHEDULE, EVENT_READERS  # noqa: F401 - settings too
from marketplace.environment import Environment, broker_address, make_folder, socket_address
from marketplace.partners import *  # noqa: F403
from marketplace.signin import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# -- Where this runs ---------------------------------------------------------------------------------------

MARKETPLACE_ENV = env.choice("MARKETPLACE_ENV", "development", ("development", "test", "production"))
IS_PRODUCTION = MARKETPLACE_ENV == "production"
IS_TEST = MARKETPLACE_ENV == "test"

DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var" / ("test" if IS_TEST else ""))
HOST = env.text("HOST", "127.0.0.1")
PORT = env.whole("PORT", 8000, low=1, high=65535)
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
DEBUG = env.flag("DEBUG", False)
# People with known passwords who own an invented market.
DEMO = env.flag("DEMO", MARKETPLACE_ENV == "development")

DEFAULT_SECRET_KEY = "development-only-not-a-secret-0f5b6c1d9e8a47b2a3c4d5e6f7081920"  # noqa: S105
SECRET_KEY = env.text("SECRET_KEY", DEFAULT_SECRET_KEY)
# Earlier ones, still read: sessions last, and the secrets of webhooks open.
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", [])
# Listening on every address in development means being reached under names nobody can list beforehand.
_DEVELOPMENT_HOSTS = ["*"] if HOST in ("0.0.0.0", "::") else ["localhost", "127.0.0.1", "[::1]", HOST]  # noqa: S104
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", [] if IS_PRODUCTION else _DEVELOPMENT_HOSTS)
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [])

# An exchange rate or hashprice older than this many days no longer counts.
RATE_MAX_AGE = env.whole("RATE_MAX_AGE", 35, low=0, high=3650)
# For how many seconds a match run keeps its work to itself without a sign of life.
MATCH_LEASE = env.whole("MATCH_LEASE", 60, low=1, high=3600)

# -- What is stored where ----------------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "marketplace.sqlite3")}
IS_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.redis("REDIS_URL")
# With no REDIS_URL, `manage.py up` runs its own server behind this socket.
VALKEY_SOCKET = DATA_DIR / "valkey.sock"
IS_VALKEY_EMBEDDED = not REDIS_URL
_REDIS = REDIS_URL or ("" if IS_TEST or IS_PRODUCTION else socket_address(VALKEY_SOCKET))

MEDIA_ROOT = DATA_DIR / "files"
# Under which address people reach the site: links in mails begin with it.
PUBLIC_URL = env.text("PUBLIC_URL", f"http://{'127.0.0.1' if HOST in ('0.0.0.0', '::') else HOST}:{PORT}")  # noqa: S104
# Without a mail server, mail is written into files.
_MAIL = env.mail("EMAIL_URL")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST, EMAIL_PORT = _MAIL.get("host", ""), _MAIL.get("port", 0)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.get("user", ""), _MAIL.get("password", "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("is_tls", False), _MAIL.get("is_ssl", False)
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", "Mining hotels <no-reply@localhost>")

# -- What production refuses -------------------------------------------------------------------------------

if IS_PRODUCTION:
    _refusals = [
        (
            SECRET_KEY == DEFAULT_SECRET_KEY,
            "SECRET_KEY is missing or the default; expected one of its own",
        ),
        (DEBUG, "DEBUG is on; expected false"),
        (DEMO, "DEMO is on; expected false: demo people have known passwords"),
        (IS_SQLITE, "DATABASE_URL names SQLite; expected postgres://user:password@host:port/name"),
        (not REDIS_URL, "REDIS_URL is empty; expected redis://host:port/0"),
        (not _MAIL, "EMAIL_URL is empty; expected smtp://user:password@host:587: mail would lie in files"),
        (not ALLOWED_HOSTS, "ALLOWED_HOSTS is empty; expected the names this is reached under"),
        ("*" in ALLOWED_HOSTS, "ALLOWED_HOSTS is '*'; expected the names this is reached under"),
    ]
    if any(refused for refused, _sentence in _refusals):
        _sentences = "; ".join(sentence for refused, sentence in _refusals if refused)
        raise ImproperlyConfigured(f"MARKETPLACE_ENV is production, and {_sentences}.")

make_folder("DATA_DIR", DATA_DIR)
# Where the engine's compiled code is kept; read when it is first imported.
os.environ.setdefault("NUMBA_CACHE_DIR", str(DATA_DIR / "numba"))

# -- The application ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "hosting",
    # Django's admin, behind our own door: the same sign-in, with a second factor.
    "marketplace.apps.Admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_bootstrap5",
    "js_lib_bootstrap5",
    "django_countries",
    "csp",
]
MIDDLEWARE = [
    "marketplace.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "marketplace.middleware.Keeping",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "accounts.api.throttling.Limits",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.web.looking.ReadOnly",
    "accounts.web.refusals.Refusals",
    "marketplace.middleware.Bell",
]
ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
ASGI_APPLICATION = "marketplace.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
# A page is as wide as what people type into it; files are limited where they are accepted.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
# A file that is larger than any we take is cut off while it arrives, instead of filling the disk.
UPLOAD_MAX_BYTES = 10_000_000
FILE_UPLOAD_HANDLERS = [
    "accounts.web.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600

AUTH_USER_MODEL = "accounts.User"
# Outside the demo staff enters the admin with a second factor only.
STAFF_NEEDS_SECOND_FACTOR = not DEMO
if IS_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# -- Languages, time, files --------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static_root"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = DEBUG

# -- Safety ------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Bootstrap draws its chevrons and ticks from data: addresses.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
# Only true behind a proxy that sets X-Forwarded-Proto and -For itself: any other client could claim them.
TRUST_PROXY = env.flag("TRUST_PROXY", False)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = IS_PRODUCTION
CSRF_COOKIE_SECURE = IS_PRODUCTION
if IS_PRODUCTION:
    SECURE_SSL_REDIRECT = True
    # A load balancer asks for these two over plain HTTP.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    if TRUST_PROXY:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        # Sign-in counts tries per address; behind a proxy that address is in its header.
        ALLAUTH_TRUSTED_PROXY_COUNT = 1

# -- The API -----------------------------------------------------------------------------------------------

# Tests make more calls an hour than a stranger may.
RATE_LIMITS = env.flag("RATE_LIMITS", not IS_TEST)
LIMITS_REDIS = _REDIS
# Webhooks go to the public internet only; on a laptop also to a receiver beside it, over plain http.
WEBHOOKS_ALLOW_LOOPBACK = MARKETPLACE_ENV == "development"

# -- The queue and the cache -------------------------------------------------------------------------------

CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if not _REDIS or IS_TEST
    else {
        "BACKEND": "marketplace.caches.FailOpenRedis",
        "LOCATION": _REDIS,
        "KEY_PREFIX": "marketplace",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1}
        if not _REDIS.startswith("unix:")
        else {"socket_timeout": 1},
    }
}
# A test that names no server speaks to a queue in its own memory, never to one that happens to run here.
CELERY_BROKER_URL = broker_address(_REDIS) if _REDIS else "memory://"
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Whoever rings the bell waits for it: no second try, and two seconds at most.
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 2,
    "visibility_timeout": 3600,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A worker compiles the engine and reads the market before its first task.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 120
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# -- Logs --------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "marketplace.logs.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["request_id"], "formatter": "line"},
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Django's own handlers would print a second time, or send mail.
    "loggers": {"django": {"handlers": [], "level": LOG_LEVEL, "propagate": True}},
}
