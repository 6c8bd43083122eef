"""Settings of the tests: a data folder of their own, cheap passwords, static files as they lie in the tree."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="zhengtong-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["ZHENGTONG_DATA_DIR"] = _folder

from config.settings import *  # noqa: E402, F403  (the folder must be named before the settings are read)
from config.settings import DATABASES, STORAGES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads then meet the same locks as in production. Power cuts are not tested in-process.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}
    _options = DATABASES["default"]["OPTIONS"]
    _options["init_command"] = _options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
