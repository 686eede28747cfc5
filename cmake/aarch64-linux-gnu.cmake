# The toolchain of the preset `arm`: Debian's cross compiler for AArch64, with the libraries of its packages for arm64; and
# QEMU, which runs what comes out. scripts/test_arm.sh installs them.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
find_program(PPO_LD aarch64-linux-gnu-ld.bfd REQUIRED)
find_program(PPO_OBJCOPY aarch64-linux-gnu-objcopy REQUIRED)
find_program(PPO_QEMU NAMES qemu-aarch64-static qemu-aarch64 REQUIRED)
set(CMAKE_CROSSCOMPILING_EMULATOR ${PPO_QEMU})
