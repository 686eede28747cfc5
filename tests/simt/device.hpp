// kernels/device.hpp for compilers other than nvcc: the same functions, for CUDA threads that are fibers of
// the emulator (simt/grid.hpp). Those that let other threads run take their call site as well.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <type_traits>

#include "kernels/quad.hpp"
#include "simt/runtime.hpp"

#define PPO_DEVICE inline
#define PPO_KERNEL(threads) inline void
#define PPO_LAUNCH_ARGUMENT const
#define PPO_UNROLL
#define PPO_NO_UNROLL

namespace ppo::device {

inline constexpr int kComputeCapability = 0;  // that of no card

PPO_DEVICE int thread_index() {
  return simt::thread_index();
}
PPO_DEVICE int block_index() {
  return simt::block_index();
}

/// The block's shared memory, aligned to 16 bytes; GridShape::shared_bytes long and nothing behind it.
PPO_DEVICE std::byte* shared_memory() {
  return simt::shared_memory();
}

PPO_DEVICE void sync_block(simt::Where where = simt::Where::here()) {
  simt::sync_block(where);
}
PPO_DEVICE void sync_group(int group, int threads, simt::Where where = simt::Where::here()) {
  simt::sync_group(group, threads, where);
}
PPO_DEVICE void sync_warp(simt::Where where = simt::Where::here()) {
  simt::sync_warp(where);
}

/// What shuffles can carry.
template <class T>
concept Shuffled = std::is_trivially_copyable_v<T> && sizeof(T) <= sizeof(std::uint64_t);

template <Shuffled T>
PPO_DEVICE T shuffle(T value, int lane, simt::Where where = simt::Where::here()) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  bits = simt::shuffle(bits, lane, where);
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}
template <Shuffled T>
PPO_DEVICE T shuffle_xor(T value, int mask, simt::Where where = simt::Where::here()) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof(T));
  bits = simt::shuffle_xor(bits, mask, where);
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

PPO_DEVICE void arrive(std::uint32_t* counter, simt::Where where = simt::Where::here()) {
  simt::arrive(counter, where);
}
PPO_DEVICE std::uint32_t look(const std::uint32_t* counter, simt::Where where = simt::Where::here()) {
  return simt::look(counter, where);
}
PPO_DEVICE void fence_system() {}  // all that the emulator's threads write is seen when it is ordered
PPO_DEVICE void tell_host(std::uint32_t* number, std::uint32_t value,
                          simt::Where where = simt::Where::here()) {
  simt::tell_host(number, value, where);
}
PPO_DEVICE std::uint32_t hear_host(const std::uint32_t* number, simt::Where where = simt::Where::here()) {
  return simt::hear_host(number, where);
}
PPO_DEVICE int cluster_rank() {
  return simt::cluster_rank();
}
PPO_DEVICE void sync_cluster(simt::Where where = simt::Where::here()) {
  simt::sync_cluster(where);
}
PPO_DEVICE void arrive_cluster(simt::Where where = simt::Where::here()) {
  simt::arrive_cluster(where);
}
PPO_DEVICE void wait_cluster(simt::Where where = simt::Where::here()) {
  simt::wait_cluster(where);
}

PPO_DEVICE float load_from_block(const float* own, int rank, simt::Where where = simt::Where::here()) {
  return *reinterpret_cast<const float*>(simt::load_from_block({own, sizeof(float), rank}, where));
}
PPO_DEVICE Quad load_quad_from_block(const float* own, int rank, simt::Where where = simt::Where::here()) {
  return *reinterpret_cast<const Quad*>(simt::load_from_block({own, sizeof(Quad), rank}, where));
}
PPO_DEVICE void store_to_block(float* own, int rank, float value, simt::Where where = simt::Where::here()) {
  *reinterpret_cast<float*>(simt::store_to_block({own, sizeof(float), rank}, where)) = value;
}
PPO_DEVICE void store_quad_to_block(float* own, int rank, const Quad& quad,
                                    simt::Where where = simt::Where::here()) {
  *reinterpret_cast<Quad*>(simt::store_to_block({own, sizeof(Quad), rank}, where)) = quad;
}

PPO_DEVICE void pause(simt::Where where = simt::Where::here()) {
  simt::pause(where);
}
PPO_DEVICE void sleep(unsigned, simt::Where where = simt::Where::here()) {
  simt::pause(where);
}

[[noreturn]] PPO_DEVICE void give_up() {
  throw std::runtime_error("the kernel gave up");
}

PPO_DEVICE std::uint64_t clock_cycles() {
  return simt::clock_cycles();
}

/// As wrong as a card's may be: code that relies on the exact reciprocal is found out.
PPO_DEVICE float reciprocal_estimate(float x) {
  return simt::reciprocal_estimate(x);
}

}  // namespace ppo::device
