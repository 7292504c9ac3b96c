"""
Settings from the environment (prefix RUANGAMAN_), safe by default; docs/guides/settings.md tells each one.

Reading a setting never fails here, so that every command can at least say what is wrong; `site.start.check` names what
must be put right before anything listens.
"""

from pathlib import Path
from urllib.parse import urlsplit

from ruangaman.adapters import clock
from ruangaman.site.environment import Environment

env = Environment()

ROOT = Path(__file__).resolve().parent
DATA_DIR = Path(env.str("RUANGAMAN_DATA_DIR", default="data")).resolve()
STORY = env.yes("RUANGAMAN_STORY")
if STORY:
    clock.allow(DATA_DIR)
BASE_URL = env.address("RUANGAMAN_BASE_URL", default="http://localhost:8000")
ISSUER_URL = env.address("RUANGAMAN_ISSUER_URL", default="")
_base = urlsplit(BASE_URL)
_https = _base.scheme == "https"

DEBUG = False
SECRET_KEY_FILE = Path(env.str("RUANGAMAN_SECRET_KEY_FILE", default=str(DATA_DIR / "secret.key")))
SECRET_KEY = env.str("RUANGAMAN_SECRET_KEY", default="") or (
    SECRET_KEY_FILE.read_text(encoding="ascii").strip() if SECRET_KEY_FILE.is_file() else ""
)
MASTER_KEY = env.str("RUANGAMAN_MASTER_KEY", default="")
MASTER_KEY_FILE = env.str("RUANGAMAN_MASTER_KEY_FILE", default=str(DATA_DIR / "master.key"))

ALLOWED_HOSTS = env.list(
    "RUANGAMAN_ALLOWED_HOSTS",
    default=sorted(
        {
            _base.hostname or "localhost",
            urlsplit(ISSUER_URL).hostname or "localhost",
            "localhost",
            "127.0.0.1",
            "[::1]",
        }
    ),
)
CSRF_TRUSTED_ORIGINS = sorted({BASE_URL, ISSUER_URL or BASE_URL}) if _https else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.yes("RUANGAMAN_BEHIND_PROXY") else None
SECURE_SSL_REDIRECT = _https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other hosts of the domain are not ours to decide
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_NAME = "ruang"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_100_000  # bytes; a batch of the API is at most 1 MiB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

DATABASES = {
    "default": env.database("RUANGAMAN_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'ruangaman.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a writer waits its turn instead of failing half-way. FULL: a consent that was answered survives a
    # power cut. secure_delete: what is deleted is overwritten in the file.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;",
    )
else:
    DATABASES["default"].setdefault("CONN_HEALTH_CHECKS", True)
# A thread keeps its connection for a while: on SQLite the last one to close copies the whole journal back.
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "ruangaman.site.administration.Config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.idp.oidc",
    "ruangaman.rooms.ledger",
    "ruangaman.rooms.vault",
    "ruangaman.rooms.families",
    "ruangaman.rooms.ages",
    "ruangaman.rooms.places",
    "ruangaman.rooms.learning",
    "ruangaman.rooms.access",
    "ruangaman.site",
    "ruangaman.site.story",
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
MIDDLEWARE = [
    "ruangaman.site.logs.RequestIdMiddleware",
    "ruangaman.site.headers.HeadersMiddleware",
    "ruangaman.site.hosts.HostMiddleware",
    "ruangaman.site.hosts.ApartMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ruangaman.site.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # names the request to the OpenID Provider; opens no address
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "ruangaman.site.refusals.RefusalsMiddleware",
    "ruangaman.site.problems.ProblemMiddleware",
]
ROOT_URLCONF = "ruangaman.site.urls"
WSGI_APPLICATION = "ruangaman.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
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
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds; the link by which somebody of the staff sets a password
LOGIN_URL = "desk:masuk"
STAFF_BEGINS = "ruangaman.site.beginnings.of"  # where an account that is no officer's is led after signing in
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "ruangaman.rooms.access.oidc.hashing.RandomSecretHasher",  # of clients, whose secrets are random
]

# The OpenID Provider (docs/guides/oidc.md). What is not said here stands in rooms/access/oidc.
IDP_OIDC_ADAPTER = "ruangaman.rooms.access.oidc.adapter.Adapter"
IDP_OIDC_ID_TOKEN_EXPIRES_IN = IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 300  # seconds
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 60  # none is ever issued; if one were, it would not live
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "bahasa"
LOCALE_PATHS = [ROOT / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.zone("RUANGAMAN_TIME_ZONE", default="Asia/Jakarta")  # of pages; the store is in UTC
STATIC_URL = "/static/"
STATIC_ROOT = None  # files are served from where they stand in the package; nothing is collected
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

FORGET_AFTER_DAYS = env.number("RUANGAMAN_FORGET_AFTER_DAYS", default=30.0, least=0, most=3650)
FORGET_IDLE_AFTER_DAYS = env.number("RUANGAMAN_FORGET_IDLE_AFTER_DAYS", default=365.0, least=1, most=3650)
# How an age may be proved, the least intrusive way first wherever the law calls it enough (`core/age_checks.py`).
AGE_WAYS = env.words(
    "RUANGAMAN_AGE_WAYS",
    default=("declared", "token", "guardian", "institution", "wallet"),
    of=("declared", "token", "guardian", "institution", "wallet", "face"),
)
FACE_ERROR_FILE = env.str("RUANGAMAN_FACE_ERROR_FILE", default="")
AGE_UNDER = env.ages("RUANGAMAN_AGE_UNDER")
CONTEST_FORGET_AFTER_DAYS = env.number(
    "RUANGAMAN_CONTEST_FORGET_AFTER_DAYS", default=30.0, least=1, most=3650
)
STATUS_TTL_S = env.number("RUANGAMAN_STATUS_TTL_S", default=900.0, least=60, most=86_400)
AGE_RESULT_DAYS = env.number("RUANGAMAN_AGE_RESULT_DAYS", default=30.0, least=1, most=3650)
MAIL_URL = env.str("RUANGAMAN_MAIL_URL", default="")
MAIL_FROM = env.str("RUANGAMAN_MAIL_FROM", default="Ruang Aman <tidak-dibalas@localhost>")
MAIL_TIMEOUT_S = env.number("RUANGAMAN_MAIL_TIMEOUT_S", default=20.0, least=1, most=300)
MAIL_CA_FILE = env.str("RUANGAMAN_MAIL_CA_FILE", default="")
WHATSAPP_TOKEN = env.str("RUANGAMAN_WHATSAPP_TOKEN", default="")
WHATSAPP_PHONE_ID = env.str("RUANGAMAN_WHATSAPP_PHONE_ID", default="")
WHATSAPP_NUMBER = env.str("RUANGAMAN_WHATSAPP_NUMBER", default="")
WHATSAPP_API = env.str("RUANGAMAN_WHATSAPP_API", default="https://graph.facebook.com/v23.0")
WHATSAPP_VERIFY_TOKEN = env.str("RUANGAMAN_WHATSAPP_VERIFY_TOKEN", default="")
WHATSAPP_APP_SECRET = env.str("RUANGAMAN_WHATSAPP_APP_SECRET", default="")

ERROR_CATALOGUE = "ruangaman.site.problems.catalogue"  # rooms do not know the site
WEBHOOK_ALLOW = env.list("RUANGAMAN_WEBHOOK_ALLOW", default=[])
API_PER_SECOND = env.number("RUANGAMAN_API_PER_SECOND", default=50.0, least=0.001, most=1e9)
API_BURST = env.number("RUANGAMAN_API_BURST", default=200.0, least=1, most=1e9)
ASK_PER_SECOND = env.number("RUANGAMAN_ASK_PER_SECOND", default=1000.0, least=0.001, most=1e9)
ASK_BURST = env.number("RUANGAMAN_ASK_BURST", default=2000.0, least=1, most=1e9)
CITY_DATA = env.str("RUANGAMAN_CITY_DATA", default="")  # of the story's Jakarta
CITIES_DIR = Path(env.str("RUANGAMAN_CITIES_DIR", default=str(DATA_DIR / "cities")))
LESSON_KEY_FILE = env.str("RUANGAMAN_LESSON_KEY_FILE", default=str(DATA_DIR / "lessons.key"))  # signs packs
LESSONS_DIR = env.str("RUANGAMAN_LESSONS_DIR", default="")  # a country's own; ours when empty
LANE_LOG = env.str("RUANGAMAN_LANE_LOG", default=str(DATA_DIR / "lane.log"))

WALLET_CERTIFICATE_FILE = env.str("RUANGAMAN_WALLET_CERTIFICATE_FILE", default="")
WALLET_KEY_FILE = env.str("RUANGAMAN_WALLET_KEY_FILE", default="")
WALLET_CLIENT_ID = env.word(
    "RUANGAMAN_WALLET_CLIENT_ID", default="X509_SAN_DNS", of=("X509_SAN_DNS", "X509_HASH")
)
WALLET_ENCRYPTED = env.yes("RUANGAMAN_WALLET_ENCRYPTED", default=True)
WALLET_PROOFS = env.yes("RUANGAMAN_WALLET_PROOFS", default=False)
WALLET_PROOF_SECONDS = env.number("RUANGAMAN_WALLET_PROOF_SECONDS", default=10.0, least=1, most=120)
STORY_WALLET = env.address("RUANGAMAN_STORY_WALLET", default="")

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "no_secrets": {"()": "ruangaman.site.logs.NoSecrets"},
        "no_typos": {"()": "ruangaman.site.logs.NoTypos"},
    },
    "formatters": {"line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}},
    "handlers": {
        "out": {"class": "logging.StreamHandler", "filters": ["no_secrets"], "formatter": "line"},
    },
    "root": {"handlers": ["out"], "level": env.word("RUANGAMAN_LOG_LEVEL", default="WARNING", of=LOG_LEVELS)},
    "loggers": {
        "django": {"handlers": ["out"], "level": "WARNING", "propagate": False},
        "django.request": {"filters": ["no_typos"]},
    },
}
SETTINGS_REFUSED = dict(env.refused)  # what could not be read: `site.start.check` refuses it
SETTINGS_KNOWN = frozenset(env.names)  # whatever else begins with RUANGAMAN_ is a slip of the pen
