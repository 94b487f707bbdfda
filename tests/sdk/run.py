#!/usr/bin/env python3
"""Holds `skydeck emulator` against the vendors' own SDKs: each case of cases.py is one call of an unmodified SDK.

    run.py PATH_OF_SKYDECK [WORD]      (with WORD: only the cases whose name has it)

Run it with a Python that has requirements.txt. Prints a table, then `N passed, N failed`; exits 1 when a case failed.
"""
import json
import pathlib
import subprocess
import sys
import time

import cases
import faults
import lives

HERE = pathlib.Path(__file__).parent


class Emulator:
    """A running `skydeck emulator`."""

    def __init__(self, binary, arguments):
        command = [binary, "emulator", "--output", "json", "--log", "none", *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"the emulator did not start: status {self.process.wait(10)} of {' '.join(command)}")
        self.ports = addresses(json.loads(line))
        self.kept = {}

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def addresses(line):
    """HOST:PORT by provider, from the one line that the emulator prints."""
    return {provider: url.removeprefix("http://") for provider, url in line.items()}


class Driver:
    """A driver's process: one call per line in, one outcome per line out."""

    def __init__(self, name):
        self.process = subprocess.Popen([sys.executable, HERE / (name + ".py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def call(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"the driver ended: {self.process.args}")
        return json.loads(line)

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


def complaints(wanted, got):
    """What of an outcome is not as wanted. Messages are wanted in part, results member by member."""
    said = got["message"] or ""
    found = [f"{name}: wanted {wanted[name]!r}, got {got[name]!r}" for name in ("ok", "status", "code")
             if name in wanted and str(got[name]) != str(wanted[name])]
    found += [f"message lacks {part!r}: {said!r}" for part in wanted.get("message", []) if part not in said]
    result = got["result"] or {}
    found += [f"result {path}: wanted {value!r}, got {at(result, path)!r}" for path, value in wanted.get("result", {}).items()
              if at(result, path) != value]
    if not wanted["ok"] and wanted.get("request_id", True) and not got["request_id"]:
        found.append("no request id")
    return found + ([f"outcome: {got}"] if found else [])


def at(value, path):
    for name in path.split("."):
        if isinstance(value, list):
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def filled(params, kept):
    """Parameters with what earlier cases kept."""
    return {name: kept.get(value[1:]) if isinstance(value, str) and value.startswith("$") else value for name, value in params.items()}


def run(case, emulator, driver):
    time.sleep(case.request.get("wait", 0))
    request = case.request | {"endpoint": emulator.ports[case.provider], "provider": case.provider}
    got = driver.call(request | {"params": filled(case.request["params"], emulator.kept)})
    found = complaints(case.wanted, got)
    emulator.kept |= {name: at(got["result"] or {}, path) for name, path in case.keep.items()}
    print(f"{'FAIL' if found else 'ok':4}  {case.provider:14}  {case.name:44}  {got['status'] or '-':>4}  {got['code'] or ''}", flush=True)
    for complaint in found:
        print(f"        {complaint}")
    return not found


def main():
    binary, word = sys.argv[1], (sys.argv[2:] or [""])[0]
    passed, drivers = [], {name: Driver(name) for name in cases.DRIVERS}
    try:
        for arguments, group in cases.GROUPS + lives.GROUPS + faults.groups(binary):
            emulator = Emulator(binary, arguments)
            try:
                passed += [run(case, emulator, drivers[case.driver]) for case in group if word in case.provider + " " + case.name]
            finally:
                emulator.stop()
    finally:
        for driver in drivers.values():
            driver.stop()
    print(f"{passed.count(True)} passed, {passed.count(False)} failed")
    return 0 if passed and all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
