#!/usr/bin/env python3
"""Has the compiler of a build read every C++ source, for what it warns of, without making code: a third of the time.

    python3 scripts/check_syntax.py BUILD
"""
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def precompile(entry):
    """Makes a header that sources then have precompiled, as the build would."""
    subprocess.run(shlex.split(entry["command"]), cwd=entry["directory"], check=True)


def check(entry):
    """Whether the compiler takes a source, and what it says of it."""
    arguments = shlex.split(entry["command"])
    for option in ("-o", "-MF", "-MT"):
        if option in arguments:
            at = arguments.index(option)
            del arguments[at:at + 2]
    arguments = [argument for argument in arguments if argument != "-MD"] + ["-fsyntax-only"]
    done = subprocess.run(arguments, cwd=entry["directory"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode == 0, done.stdout


def main(build):
    commands = json.loads((build / "compile_commands.json").read_text())
    headers = [entry for entry in commands if entry["file"].endswith("cmake_pch.hxx.cxx")]
    entries = [entry for entry in commands if entry["file"].endswith(".cpp")]
    if not entries:
        sys.exit(f"{build}/compile_commands.json names no C++ source")
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(precompile, headers))
        results = list(pool.map(check, entries))
    for _, said in results:
        sys.stderr.write(said)
    refused = [entry["file"] for entry, (is_taken, _) in zip(entries, results) if not is_taken]
    print(f"{len(entries)} sources read, {len(refused)} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1])))
