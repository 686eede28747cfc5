#!/usr/bin/env bash
# What an AArch64 says: builds the preset `arm` with Debian's cross compiler and runs its tests in QEMU, which shows that
# the bytes are the same, not how long they take. Part of CI, next to scripts/test.sh. Lets dpkg have packages of arm64.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
if ! command -v apt-get >/dev/null; then
  echo "There is no apt-get here, so this script cannot install a cross compiler, QEMU and arm64's libraries." >&2
  echo 'docs/building.md, "For AArch64", says what the preset arm needs.' >&2
  exit 1
fi
if [ "$(dpkg --print-architecture)" = arm64 ]; then
  echo "This machine is an AArch64: run bash scripts/test.sh, which needs no emulator" >&2
  exit 1
fi
add_architecture arm64
install_packages "${BUILD_PACKAGES[@]}" "${ARM_PACKAGES[@]}"
build arm
ctest --preset arm -j "$(nproc)"
