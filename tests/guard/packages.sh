#!/usr/bin/env bash
# The packages that CPack makes of a build, and what they hold, used where there is nothing but libc and libm: an empty
# root folder. scripts/test_packages.sh installs them in whole systems.
# Exit code 77: this user may not change the root folder.
#   bash tests/guard/packages.sh BUILD_FOLDER CMAKE CPACK
set -euo pipefail

build=$1 cmake=$2 cpack=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
output=

# fail MESSAGE: says it, with what the last command printed ($output).
fail() {
  printf '%s\n%s\n' "$1" "$output" >&2
  exit 1
}

files_in() { (cd "$1" && find . -type f -printf '%P\n' | sort); }
configs=$(cd "$(dirname "$0")/../../configs" && printf 'share/ppo_train/configs/%s\n' *.toml)
files="$configs
share/bash-completion/completions/ppo_train
share/fish/vendor_completions.d/ppo_train.fish"
documents="share/doc/ppo_train/copyright
share/man/man1/ppo_train.1
share/zsh/site-functions/_ppo_train"
debian="share/doc/ppo-train/changelog.Debian.gz
share/doc/ppo-train/copyright
share/lintian/overrides/ppo-train
share/man/man1/ppo_train.1.gz
share/zsh/vendor-completions/_ppo_train"

# holds FOLDER FILES...: these files and no other.
holds() {
  output=$(diff <(files_in "$1") <(printf '%s\n' "${@:2}" | sort)) || fail "$1 does not hold what it should (>):"
}

for component in program mpi files documents; do
  output=$("$cmake" --install "$build" --component $component --prefix "$folder/$component" 2>&1) || fail "No install:"
done
holds "$folder/program" bin/ppo_train
if [ -e "$build/ppo_mpi.so" ]; then
  [[ $(files_in "$folder/mpi") == lib*/ppo_train/ppo_mpi.so ]] || fail "What has the MPI is not installed:"
fi
holds "$folder/files" "$files"
holds "$folder/documents" "$documents"

output=$("$cpack" --config "$build/CPackConfig.cmake" -B "$folder/packages" 2>&1) || fail "CPack fails:"
tarball=$(echo "$folder"/packages/ppo_train-*-linux-*.tar.gz)
deb=$(echo "$folder"/packages/ppo_train_*.deb)
mkdir "$folder/elsewhere"
tar -xzf "$tarball" -C "$folder/elsewhere"
unpacked=$(echo "$folder"/elsewhere/ppo_train-*)
holds "$unpacked" bin/ppo_train "$files" "$documents"
dpkg-deb -x "$deb" "$folder/root"
holds "$folder/root/usr" bin/ppo_train "$files" "$debian"

field() { dpkg-deb -f "$deb" "$1"; }
output=$(dpkg-deb -I "$deb")
[ "$(field Package)" = ppo-train ] || fail "The package has another name:"
[[ "ppo_train $(field Version)" == "$("$build/ppo_train" --version | head -1)-"* ]] || fail "It has another version:"
[[ "$(field Depends)" =~ ^libc6\ \(\>=\ ([0-9.]+)\)$ ]] || fail "It depends on more than glibc:"
newest=${BASH_REMATCH[1]}
# docs/install.md promises it of packages that are made on Debian 12, which has glibc 2.36.
if [ "$(getconf GNU_LIBC_VERSION)" = "glibc 2.36" ] && dpkg --compare-versions "$newest" gt 2.35; then
  fail "It needs glibc $newest instead of 2.35:"
fi
if command -v lintian >/dev/null; then
  output=$(lintian --allow-root "$deb" 2>&1) && [ -z "$output" ] || fail "lintian finds faults:"
else
  echo "There is no lintian here, so its findings are not tested"
fi

# A root folder with nothing else than the program and the libraries that it names.
root=$folder/root
libraries=$(ldd "$root/usr/bin/ppo_train" | grep -oE '/[^ ]*/(libc|libm)\.so\.6|/[^ ]*/ld-linux[^ ]*')
for library in $libraries; do install -D "$(realpath "$library")" "$root$library"; done
install -D "$unpacked/bin/ppo_train" "$root/any where/ppo_train"
change_root=(chroot)
if [ "$(id -u)" -ne 0 ]; then
  change_root=(unshare --map-root-user chroot)
  "${change_root[@]}" / true 2>/dev/null || { echo "[  SKIPPED ] this user may not change the root folder"; exit 77; }
fi

# inside PROGRAM ARGUMENT...
inside() { output=$("${change_root[@]}" "$root" "$@" 2>&1) || fail "In an empty root folder it fails: $*"; }
hash_in() { sed -n 's/^hash  *\(0x[0-9a-f]*\).*/\1/p' <<<"$output"; }

small=(--config cartpole-v1 --device cpu --total-timesteps 8192)
inside /usr/bin/ppo_train demo --out /demo
inside /usr/bin/ppo_train "${small[@]}" --render --report --out /run
hash=$(hash_in)
inside "/any where/ppo_train" eval /run --episodes 2
inside /usr/bin/ppo_train export /run
inside "/any where/ppo_train" "${small[@]}" --no-out
[ -n "$hash" ] && [ "$(hash_in)" = "$hash" ] || fail "The tarball's program has another hash than $hash:"
output=$("$build/ppo_train" "${small[@]}" --no-out 2>&1) || fail "The build's program fails:"
[ "$(hash_in)" = "$hash" ] || fail "The build's program has another hash than $hash:"
for file in demo/training.gif demo/report.html run/film.gif run/report.html run/agent.onnx; do
  [ -s "$root/$file" ] || fail "There is no $file:"
done
echo "$(basename "$deb") and $(basename "$tarball") hold what they should, and run without anything else"
