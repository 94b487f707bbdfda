#!/usr/bin/env python3
"""Runs the examples of docs/emulator.md as they stand there, in a shell that has evaluated what `skydeck emulator --print-env` prints,
and the programs of examples/.

    examples.py PATH_OF_SKYDECK
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
PAGE = ROOT / "docs" / "emulator.md"
MIN_EXAMPLES = 7  # fewer examples than this means that they were not found
INTERPRETERS = {"python": [sys.executable, "-B", "-W", "ignore"], "sh": ["sh", "-eu"]}
EXPECTED = {"alibabacloud_sae": "cn-hangzhou:orders", "huaweicloudsdkswr": "201", "otcextensions": "orders"}


def examples():
    """Language and text of each fenced block."""
    return re.findall(r"^```(python|sh)\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


class Emulator:
    """`skydeck emulator --print-env` on free ports, and what it prints."""

    def __init__(self, binary):
        command = [binary, "emulator", "--print-env", "--log", "none"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.block = ""
        # The last variable of the block is the last provider's address.
        while "SKYDECK_OTC_SWR" not in self.block:
            line = self.process.stdout.readline()
            if not line:
                sys.exit(f"the emulator did not start: status {self.process.wait(10)}")
            self.block += line

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def run(language, text, block):
    """Runs one example in a shell of its own. Nothing of our own environment may help it or stand in its way."""
    home = tempfile.mkdtemp()
    with open(os.path.join(home, "example"), "w", encoding="utf-8") as file:
        file.write(text)
    interpreter = " ".join(f"'{word}'" for word in INTERPRETERS[language])
    script = f"{block}\nexec {interpreter} '{file.name}'\n"
    environment = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "ALIBABA_CLOUD_SECURITY_TOKEN": "stale", "OS_CLOUD": "stale"}
    return subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True, timeout=60, cwd=home, check=False)


def run_program(binary, command):
    """Runs a program of examples/ with this skydeck, without a configuration of its own."""
    environment = {"PATH": os.environ["PATH"], "HOME": tempfile.mkdtemp(), "LANG": "C.UTF-8", "SKYDECK": binary}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    good = ended.returncode == 0
    print(f"{'ok' if good else 'FAIL':4}  {' '.join(command[1:])}", flush=True)
    if not good:
        print(ended.stderr[-2000:])
    return good


def main():
    found, failed = examples(), 0
    if len(found) < MIN_EXAMPLES:
        sys.exit(f"docs/emulator.md has {len(found)} examples, {MIN_EXAMPLES} are expected")
    for number, (language, text) in enumerate(found, 1):
        emulator = Emulator(sys.argv[1])
        try:
            ended = run(language, text, emulator.block)
        finally:
            emulator.stop()
        wanted = next((output for word, output in EXPECTED.items() if word in text), "")
        good = ended.returncode == 0 and wanted in ended.stdout and ended.stdout.strip()
        failed += not good
        print(f"{'ok' if good else 'FAIL':4}  docs/emulator.md  example {number} ({language}): {ended.stdout.strip()[:80]}", flush=True)
        if not good:
            print(ended.stderr[-2000:])
    programs = [["bash", "examples/create-everywhere.sh", "orders"], [sys.executable, "-B", "-W", "ignore", "examples/test_with_emulator.py"]]
    failed += sum(not run_program(os.path.realpath(sys.argv[1]), command) for command in programs)
    print(f"{len(found) + len(programs) - failed} examples passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
