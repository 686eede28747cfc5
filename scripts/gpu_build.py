"""Makes the folder that scripts/gpu_check --prepared takes: programs and tests that need only libc and the driver."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

from gpu_say import say

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / 'build' / 'gpu_check'
PROGRAMS = {'ppo_train': 'ppo_train', 'ppo_bench': 'ppo_bench', 'gpu_tests': 'tests/gpu_tests'}
HEADERS = {'CLI/CLI.hpp': 'CLI11', 'nlohmann/json.hpp': 'nlohmann-json', 'toml++/toml.h': 'toml++',
           'fmt/format.h': 'fmt', 'gtest/gtest.h': 'GoogleTest', 'gif_lib.h': 'giflib', 'stb/stb_image_write.h': 'stb'}
DYGRAPHS = 'share/javascript/dygraphs/dygraph.min.js'
MARK = 'prepared.json'
UNFINISHED = {'unfinished': True}  # what MARK says until all is there
REFERENCE = 'reference.py'
MOST_BYTES = 64 << 20
MOST_BYTES_FOR_SOME = 30 << 20  # with architectures that were named
# What a machine with a GPU has for certain; glibc's own libraries.
ALLOWED = re.compile(r'(libc|libm|libpthread|libdl|librt)\.so\.\d|ld-linux-(x86-64\.so\.2|aarch64\.so\.1)')


def missing():
    """What the build would miss here."""
    found = [name for name in ('cmake', 'ninja', 'g++', 'strip', 'readelf') if not shutil.which(name)]
    if not (shutil.which('nvcc') or pathlib.Path('/usr/local/cuda/bin/nvcc').exists()):
        found.append('nvcc')
    folders = ['/usr/include', '/usr/local/include', sys.prefix + '/include']
    found += [f'{package} ({header})' for header, package in HEADERS.items()
              if not any((pathlib.Path(folder) / header).exists() for folder in folders)]
    if not any(pathlib.Path(prefix, DYGRAPHS).exists() for prefix in ('/usr', '/usr/local')):
        found.append(f'dygraphs ({DYGRAPHS})')
    return found


def output(command):
    """'' where it fails, or is not installed."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    except FileNotFoundError:
        return ''
    return done.stdout.strip() if done.returncode == 0 else ''


def commit():
    """Of the working tree, with '-dirty' where it differs; '' where there is none."""
    return output(['git', 'describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'])


def must(command):
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.exit(f"{done.stdout}gpu_check: {' '.join(map(str, command[:3]))} ... failed, see above")
    return done.stdout


def mark_of(folder):
    """What the folder says of itself; {} where nobody prepared it, None where that was not finished."""
    try:
        facts = json.loads((folder / MARK).read_text())
    except FileNotFoundError:
        return {}
    except ValueError:
        return None
    return None if facts == UNFINISHED else facts


def version(text):
    return tuple(int(part) for part in text.split('.'))


def glibc_needed(programs):
    """The newest version of glibc whose symbols they use: '2.34'."""
    names = [name for program in programs for name in re.findall(r'\bGLIBC_([\d.]+)', must(['readelf', '-V', program]))]
    return max(names, key=version, default='')


def prepare(folder, architectures, reference):
    """Builds into `folder`, which is new, empty or an earlier one; for all architectures where none is named. The
    reference, a script or None, goes along. Exits with a message where it cannot."""
    lacking = missing()
    if lacking:
        sys.exit(f"gpu_check: cannot build, missing: {', '.join(lacking)}; install them, or make a folder elsewhere "
                 'with scripts/gpu_check --prepare FOLDER and use it here with --prepared FOLDER')
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        sys.exit(f'gpu_check: {folder} holds other things; name a new folder')
    say(f'building in {BUILD}')
    # Named or not, those of the build before do not stay.
    code = f"-DPPO_CUDA_CODE={';'.join(architectures)}" if architectures else '-UPPO_CUDA_CODE'
    configured = must(['cmake', '--preset', 'onefile', '-B', BUILD, '-DPPO_BUILD_TESTS=ON', '-DPPO_REQUIRE_CUDA=ON',
                       '-DPPO_WERROR=OFF', code])
    unknown = [arch for arch in architectures if f'sm_{arch} ' not in configured]
    if unknown:
        sys.exit(f"gpu_check: --arch {unknown[0]}: nvcc does not know it; see nvcc --list-gpu-code")
    must(['cmake', '--build', BUILD, '--target', *PROGRAMS])
    (folder / 'configs').mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text(json.dumps(UNFINISHED))
    for name, path in PROGRAMS.items():
        must(['strip', '-o', folder / name, BUILD / path])
        needed = re.findall(r'NEEDED.*\[(.*)\]', must(['readelf', '-d', folder / name]))
        foreign = [library for library in needed if not ALLOWED.fullmatch(library)]
        if foreign:
            sys.exit(f"gpu_check: {name} needs {', '.join(foreign)}, which a machine may lack; link it statically")
    for config in (ROOT / 'configs').glob('*.toml'):
        shutil.copy(config, folder / 'configs')
    model = [ROOT / 'bench' / name for name in ('gpu_model.py', 'sass_figures.json')]
    for script in [*(ROOT / 'scripts').glob('gpu_*'), *model]:
        if script.is_file():
            shutil.copy(script, folder)
    (folder / REFERENCE).unlink(missing_ok=True)
    if reference:
        shutil.copy(reference, folder / REFERENCE)
    facts = {'commit': commit(), 'prepared': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime()),
             'needs_glibc': glibc_needed(folder / name for name in PROGRAMS)}
    size = sum(path.stat().st_size for path in folder.rglob('*') if path.is_file())
    most = MOST_BYTES_FOR_SOME if architectures else MOST_BYTES
    if size > most:
        sys.exit(f'gpu_check: {folder} takes {size} bytes, more than {most}; name fewer architectures, --arch 90')
    (folder / MARK).write_text(json.dumps(facts) + '\n')
    say(f"{folder}: {size / 2**20:.1f} MiB, for glibc {facts['needs_glibc']} and newer")
