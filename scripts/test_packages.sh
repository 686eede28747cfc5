#!/usr/bin/env bash
# Installs build/packages (scripts/make_packages.sh) and build/wheels (scripts/make_wheel.sh) in a bare Debian or Ubuntu,
# made by debootstrap in a temporary folder, and uses what they install there as a user would: program, manual page,
# completions, module. As root; takes some minutes, most of it to fetch the system's own packages. Exit code 77: no such
# system can be made here, or it reaches no mirror or package index.
#   bash scripts/test_packages.sh [SUITE [MIRROR]]     SUITE: bookworm (the default), trixie; with Ubuntu's keys
#                                                      (ubuntu-keyring) and MIRROR also jammy, noble
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[ "$(id -u)" -eq 0 ] || { echo "test_packages.sh changes the root folder; run it as root" >&2; exit 1; }
[ -d build/packages ] || { echo "There is no build/packages; run scripts/make_packages.sh first" >&2; exit 1; }
[ -d build/wheels ] || { echo "There is no build/wheels; run scripts/make_wheel.sh first" >&2; exit 1; }
install_packages debootstrap
suite=${1:-bookworm}
mirror=${2:-$(apt-get indextargets --format '$(REPO_URI)' | head -1)}
root=$(mktemp -d)
trap 'rm -rf "$root" "$root.log"' EXIT

components=main
case $mirror in *ubuntu*) components=main,universe ;; esac # which has fish
if ! debootstrap --variant=minbase --components=$components "$suite" "$root" "$mirror" >"$root.log" 2>&1; then
  tail -5 "$root.log" >&2
  echo "The packages are not tried: there can be no bare $suite here" >&2
  exit 77
fi
# What apt needs to reach here what it reaches outside.
apt-config dump Acquire | grep '::http' >"$root/etc/apt/apt.conf.d/99outside" || true
cp /etc/resolv.conf /etc/hosts "$root/etc/"
cp -r /etc/ssl/certs "$root/etc/ssl/" 2>/dev/null || true
cp build/packages/*.deb build/packages/*.tar.gz build/wheels/*.whl tests/package/wheel_check.py scripts/test_packages_inside.sh "$root/srv/"
mapfile -t network < <(env | grep -iE '^(https?_proxy|no_proxy|pip_(index|extra_index|trusted)[a-z_]*)=' || true)
cp /etc/pip.conf "$root/etc/" 2>/dev/null || true
certificates=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
if [ -f "$certificates" ]; then
  cp "$certificates" "$root/srv/certificates"
  network+=(PIP_CERT=/srv/certificates)
fi
chmod 755 "$root"
# With mounts of its own, which end with it.
unshare --mount bash -c 'mount -t proc proc "$0/proc" && mount -t devpts -o newinstance devpts "$0/dev/pts" && exec chroot "$0" "$@"' \
  "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb DEBIAN_FRONTEND=noninteractive "${network[@]}" \
  bash /srv/test_packages_inside.sh
echo "The packages are installed, used and removed in a bare $suite"
