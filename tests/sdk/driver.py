"""What the drivers share: a loop that reads one call per line and prints one outcome per line, and a clock that can be wrong.

A call is a JSON object; which members it has is the driver's affair, but for `clock`: seconds by which the SDK's
clock is off during the call. An outcome is {"ok", "status", "code", "message", "request_id", "result"}.
"""
import contextlib
import datetime
import json
import sys
import types

OUTCOME = ("ok", "status", "code", "message", "request_id", "result")


def outcome(ok, **members):
    """An outcome in which whatever is not given is null."""
    return dict.fromkeys(OUTCOME) | {"ok": ok} | members


def shifted(seconds):
    """The class datetime, with a clock that is off by so many seconds."""

    class Shifted(datetime.datetime):
        @classmethod
        def utcnow(cls):
            return super().utcnow() + datetime.timedelta(seconds=seconds)

    return Shifted


@contextlib.contextmanager
def wrong_clock(sites, seconds):
    """Gives the modules in `sites` a wrong clock: only the time that the SDK signs with, nothing else of the SDK."""
    before = [(module, module.datetime) for module in sites]
    clock = shifted(seconds)
    for module, original in before:
        module.datetime = types.SimpleNamespace(datetime=clock) if isinstance(original, types.ModuleType) else clock
    try:
        yield
    finally:
        for module, original in before:
            module.datetime = original


def serve(call, clock_sites):
    """Answers calls until the input ends. What the SDK lets through unhandled is an outcome as well."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            with wrong_clock(clock_sites, request.get("clock", 0)):
                result = call(request)
        except Exception as error:  # noqa: BLE001
            result = outcome(False, code=type(error).__name__, message=str(error)[:400])
        print(json.dumps(result, ensure_ascii=False, default=str), flush=True)
