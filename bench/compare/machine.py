"""What ran where: the machine, our binary, the versions of the others' packages."""
import hashlib
import json
import os
import pathlib
import platform
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PACKAGES = ("torch", "stable-baselines3", "gymnasium", "jax", "jaxlib", "numpy", "rltools", "mkl")


def ask(command):
    """The output of a command, None where it fails."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None


def cpu_model():
    found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def machine():
    return {"cpu": cpu_model(), "cores": len(os.sched_getaffinity(0)),
            "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
            "system": platform.freedesktop_os_release().get("PRETTY_NAME"), "kernel": platform.release(),
            "load_before": os.getloadavg()[0]}


def our_build(binary):
    """The commit is that of the working tree; the checksum says which binary ran."""
    content = binary.read_bytes()
    compiler = re.search(rb"clang version [\d.]+", content) or re.search(rb"GCC: \([^)\0]*\) [\d.]+", content)
    return {"version": (ask([binary, "--version"]) or "").partition("\n")[0] or None,
            "commit": ask(["git", "--no-optional-locks", "-C", ROOT, "describe", "--always", "--dirty",
                           "--exclude", "*"]),
            "compiler": compiler[0].decode() if compiler else None,
            "sha256": hashlib.sha256(content).hexdigest()}


def versions(python, compiler):
    """Of Python, the packages and the compiler that the contenders get; None for what is not there."""
    code = ("import importlib.metadata as m, json, platform, sys\n"
            "found = {d.metadata['Name'].lower().replace('_', '-'): d.version for d in m.distributions()}\n"
            "print(json.dumps({'python': platform.python_version()} | {p: found.get(p) for p in sys.argv[1:]}))")
    built_by = ask([compiler, "--version"]) if compiler else None
    return json.loads(ask([python, "-c", code, *PACKAGES]) or "{}") | {
        "built by": built_by.splitlines()[0] if built_by else None}
