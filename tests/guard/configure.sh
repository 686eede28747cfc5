# Shared by the guards that configure the project anew, whose arguments are CMAKE GENERATOR CXX [ARGUMENT...]: sets cmake,
# generator, cxx, source (the project) and folder (temporary), and leaves the ARGUMENTs for CMake.
set -euo pipefail
unset PPO_REQUIRE_CUDA # CI sets it; each guard says itself what it wants of CUDA

cmake=$1
generator=$2
cxx=$3
shift 3
source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# fail MESSAGE: says it, with what the last command printed ($output).
fail() {
  printf '%s\n%s\n' "$1" "$output" >&2
  exit 1
}
