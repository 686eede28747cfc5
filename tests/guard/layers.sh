#!/usr/bin/env bash
# The tree as docs/architecture.md draws it: a folder of src includes only itself and those below it, include/ppo nothing
# else of ours, kernels only include/ppo; nothing but main.cpp lies loose in src; no file grows beyond 250 lines, and no
# folder beyond 30 files.
#   bash tests/guard/layers.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# From the bottom. Who adds a folder decides where it stands.
layers="system terminal formats config engine run sweep film report export training commands main.cpp"
most_lines=250
most_files=30

sources() { find "$@" -type f \( -name '*.hpp' -o -name '*.cpp' -o -name '*.cu' \) | sort; }

# problem FILE:LINE:TEXT: an include of FILE that leads up, or out of where it may lead.
wrong_includes() {
  # shellcheck disable=SC2046
  grep -nE '^#include "[^"]+/[^"]*"' $(sources src include kernels) | awk -v layers="$layers" '
    BEGIN { n = split(layers, names, " "); for (i = 1; i <= n; ++i) rank[names[i]] = i }
    {
      split($0, parts, ":"); file = parts[1]
      match($0, /"[^"]+"/); included = substr($0, RSTART + 1, RLENGTH - 2)
      split(file, from, "/"); split(included, to, "/")
      allowed = to[1] == "ppo" || (from[1] == "kernels" && to[1] == "kernels")
      # The seam between kernels and machine, which is the emulator where there is no nvcc.
      allowed = allowed || (file == "kernels/device.hpp" && included == "simt/device.hpp")
      if (from[1] == "src") {
        if (!(from[2] in rank)) { print file ": the folder " from[2] " has no place among the layers"; next }
        allowed = allowed || (to[1] in rank && rank[to[1]] <= rank[from[2]])
        allowed = allowed || (to[1] == "kernels" && file ~ /^src\/engine\/cuda\//)
      }
      if (!allowed) print file ":" parts[2] ": includes " included ", which does not stand below it"
    }'
}

loose_files() { find src -maxdepth 1 -type f ! -name main.cpp -printf '%p lies loose in src\n'; }

code() { find src include kernels python tests bench scripts cmake examples configs -type f ! -path '*/golden/ppo/*' \
  ! -path '*/__pycache__/*' ! -path '*/seeds/*' ! -path 'bench/results/*' ! -name '*.json' ! -name '*.ipynb' ! -name '*.png' "$@"; }

long_files() {
  code -exec awk -v most="$most_lines" 'END { if (NR > most) print FILENAME " has " NR " lines, of " most " at most" }' {} \;
}

full_folders() {
  code -printf '%h\n' | sort | uniq -c | awk -v most="$most_files" '$1 > most { print $2 " holds " $1 " files, of " most " at most" }'
}

problems=$(wrong_includes; loose_files; long_files; full_folders)
[ -z "$problems" ] || { echo "$problems"; exit 1; }
echo "Every include leads down"
