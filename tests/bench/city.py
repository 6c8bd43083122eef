"""`python -m tests.bench.city N`: a city of N cases that times the pages named on its standard input."""

import json
import os
import sys
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ["ZHENGTONG_ALLOWED_HOSTS"] = "testserver"


def main(cases: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from tests.bench.bulk import grow
    from tests.people import accepted, cast, submitted

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", verbosity=0, interactive=False, skip_checks=True)
    people = cast()
    own = accepted(people, 1).number
    for n in range(3):
        submitted(people, 2 + n)
    started = time.perf_counter()
    grow(people, 1, cases, people.officers["李军"].pk, people.officers["周洋"].pk)
    officer, citizen = Client(), Client()
    officer.force_login(people.officers["李军"].account)
    citizen.force_login(people.citizen)
    middle = cases // 2
    pages = {
        "inbox": (officer, "/desk/"),
        "search of files by applicant": (officer, f"/desk/files/?q=第{middle}商贸"),
        "search of files by number": (officer, f"/desk/files/?q=B{middle}"),
        "newest files": (officer, "/desk/files/"),
        "working page of a case": (officer, f"/desk/cases/{own}/"),
        "tracking page": (citizen, f"/cases/{own}/"),
        "my cases": (citizen, "/applications/"),
    }
    print(json.dumps({"pages": list(pages), "seconds": round(time.perf_counter() - started)}), flush=True)
    for line in sys.stdin:
        client, path = pages[line.strip()]
        began = time.perf_counter()
        answer = client.get(path)
        spent = (time.perf_counter() - began) * 1000
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")
        print(json.dumps({"ms": spent}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
