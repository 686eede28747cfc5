#include "formats/tfrecord.hpp"

#include <array>

#include "formats/protobuf.hpp"

namespace ppo {
namespace {

/// The checksum's steps for all values of a byte, bits reflected.
constexpr std::array<std::uint32_t, 256> make_steps() {
  constexpr std::uint32_t kPolynomial = 0x82F63B78;
  std::array<std::uint32_t, 256> steps{};
  for (std::uint32_t byte = 0; byte < steps.size(); ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest >> 1U) ^ ((rest & 1U) != 0 ? kPolynomial : 0);
    steps[byte] = rest;
  }
  return steps;
}

/// What a record keeps of a checksum: data that hold checksums would otherwise have weak ones.
std::string masked_checksum(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return little_endian((crc >> 15U | crc << 17U) + std::uint32_t{0xA282EAD8});
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kSteps = make_steps();
  std::uint32_t rest = 0xFFFFFFFF;
  for (const char byte : bytes)
    rest = (rest >> 8U) ^ kSteps[(rest ^ static_cast<unsigned char>(byte)) & 0xFFU];
  return ~rest;
}

std::string tfrecord(std::string_view content) {
  const std::string length = little_endian(std::uint64_t{content.size()});
  std::string record = length + masked_checksum(length);
  record += content;
  return record + masked_checksum(content);
}

}  // namespace ppo
