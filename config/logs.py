"""One JSON line per event in var/log, each with the id of the request it belongs to; warnings also on the terminal."""

import logging.config
import uuid
from collections.abc import Callable
from pathlib import Path

import structlog
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
_SHARED: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=False),
]
# The plain traceback: the pretty one shows local variables, and with them what people typed.
_TERMINAL = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


def logging_config(folder: Path, *, debug: bool) -> None:
    """Sends the standard library's and structlog's events to the same two places."""
    folder.mkdir(parents=True, exist_ok=True)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "json": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": [
                        remove_meta,
                        structlog.processors.format_exc_info,
                        structlog.processors.JSONRenderer(ensure_ascii=False),
                    ],
                },
                "terminal": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": _SHARED,
                    "processors": [remove_meta, _TERMINAL],
                },
            },
            "handlers": {
                # Several processes append to one file; a rotating handler would cut lines, so logrotate does it.
                "file": {
                    "class": "logging.handlers.WatchedFileHandler",
                    "filename": str(folder / "zhengtong.jsonl"),
                    "encoding": "utf-8",
                    "formatter": "json",
                    "delay": True,
                },
                "terminal": {
                    "class": "logging.StreamHandler",
                    "formatter": "terminal",
                    "level": "INFO" if debug else "ERROR",
                },
            },
            "root": {"handlers": ["file", "terminal"], "level": "INFO"},
            "loggers": {
                # fontTools and friends narrate their work at INFO.
                "fontTools": {"level": "WARNING"},
                # Any scanner can cause these; they belong in the file, not before the operator.
                "django.security.DisallowedHost": {"handlers": ["file"], "propagate": False},
            },
        }
    )


class RequestId:
    """Gives each request an id, in the log and in the answer, so that a person on the phone can quote it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex[:16]
        request.META["ZHENGTONG_REQUEST_ID"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response[HEADER] = request_id
        return response
