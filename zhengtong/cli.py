"""The console command: `zhengtong import-items FILE` runs the management command import_items."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    words = sys.argv[1:] or ["help"]
    execute_from_command_line(["zhengtong", words[0].replace("-", "_") if words[0][0] != "-" else words[0], *words[1:]])
