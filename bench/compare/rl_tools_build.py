"""Builds rl_tools_ppo.cpp for a config, with the headers of the PyPI package rltools and, where it is, MKL."""
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

from process import Failed

SOURCE = pathlib.Path(__file__).resolve().parent / "rl_tools_ppo.cpp"
KEYS = ("num_envs", "num_steps", "max_episode_steps", "gamma", "gae_lambda", "lr", "anneal_lr", "num_minibatches",
        "update_epochs", "norm_adv", "clip_coef", "ent_coef")
FLAGS = ("-std=c++17", "-O3", "-march=native", "-ffast-math")  # those of its Python interface
MKL_FLAGS = ("-DRL_TOOLS_BACKEND_ENABLE_MKL", "-DRL_TOOLS_DISABLE_UNALIGNED_MEMORY_ALLOCATIONS", "-Wl,--no-as-needed")
MKL_LIBRARIES = ("libmkl_intel_ilp64", "libmkl_intel_thread", "libmkl_core", "libiomp5")
FIND = """
import importlib.metadata as m, importlib.util, json
found = importlib.util.find_spec("rltools")
installed = {d.metadata["Name"]: d for d in m.distributions()}
print(json.dumps({"package": found.submodule_search_locations[0] if found else None,
                  "mkl": [str(file.locate().resolve()) for name in ("mkl", "mkl-include", "intel-openmp")
                          if name in installed for file in installed[name].files or []]}))
"""


def mkl_flags(files):
    """MKL as its PyPI packages have it; nothing where one of its parts is missing."""
    paths = [pathlib.Path(file) for file in files]
    headers = [path for path in paths if path.name == "mkl.h"]
    libraries = [path for name in MKL_LIBRARIES for path in paths if path.name.split(".so")[0] == name]
    if not headers or len(libraries) != len(MKL_LIBRARIES):
        print("note     rl_tools: built without MKL, which is not installed", file=sys.stderr)
        return []
    folders = sorted({f"-Wl,-rpath,{library.parent}" for library in libraries})
    return [*MKL_FLAGS, f"-I{headers[0].parent}", *libraries, *folders, "-lpthread", "-ldl"]


def compiler():
    """None where there is none."""
    return os.environ.get("CXX") or shutil.which("g++") or shutil.which("clang++")


def build(python, config, folder):
    """The binary, made if this config has none yet."""
    macros = [f"-DPPO_{key.upper()}={json.dumps(config[key])}" for key in KEYS]
    binary = folder / hashlib.sha256(" ".join(macros).encode()).hexdigest()[:16]
    if binary.exists():
        return binary
    if not compiler():
        raise Failed("no C++ compiler")
    try:
        place = json.loads(subprocess.run([python, "-c", FIND], check=True, capture_output=True, text=True).stdout)
        if not place["package"]:
            raise Failed("the package rltools is not installed")
        headers = pathlib.Path(place["package"]) / "external/rl_tools/include"
        subprocess.run([compiler(), *FLAGS, *macros, f"-I{headers}", SOURCE, *mkl_flags(place["mkl"]),
                        "-o", binary], check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        wrong = [line for line in error.stderr.splitlines() if "error" in line.lower()]
        raise Failed(f"cannot be built: {wrong[0][:200] if wrong else 'no message'}") from error
    return binary
