"""Settings from the environment (prefix RUANGAMAN_), safe by default."""

from pathlib import Path

import environ

env = environ.Env()

ROOT = Path(__file__).resolve().parent
DATA_DIR = Path(env.str("RUANGAMAN_DATA_DIR", default="data")).resolve()
STORY = env.bool("RUANGAMAN_STORY", default=False)
DEBUG = False
SECRET_KEY = env.str("RUANGAMAN_SECRET_KEY", default="only-for-tests-" + "0" * 40)
ALLOWED_HOSTS = env.list("RUANGAMAN_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
DATABASES = {
    "default": env.db_url("RUANGAMAN_DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'ruangaman.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=10000;",
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "ruangaman.rooms.ledger",
    "ruangaman.rooms.vault",
    "ruangaman.rooms.families",
    "ruangaman.rooms.access",
    "ruangaman.site",
]
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ruangaman.site.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "ruangaman.site.urls"
WSGI_APPLICATION = "ruangaman.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
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
LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "bahasa"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MASTER_KEY = env.str("RUANGAMAN_MASTER_KEY", default="")
MASTER_KEY_FILE = env.str("RUANGAMAN_MASTER_KEY_FILE", default=str(DATA_DIR / "master.key"))
