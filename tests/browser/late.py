"""A script that comes late: held back until it is let come, as on a slow network, in which people press all the same."""

from collections.abc import Callable

from playwright.sync_api import Page, Route


def hold(page: Page, script: str) -> Callable[[], None]:
    held: list[Route] = []

    def hold_back(route: Route) -> None:  # Playwright marks what it is given, and a built-in cannot be marked
        held.append(route)

    page.route(script, hold_back)

    def come() -> None:
        for _ in range(100):
            if held:
                return held[0].continue_()
            page.wait_for_timeout(50)
        raise AssertionError(f"{script} was never asked for")

    return come
