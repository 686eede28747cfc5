// TFRecord, the framing of TensorBoard's event files: a length, the data, and a checksum of each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ppo {

/// CRC-32C (Castagnoli).
std::uint32_t crc32c(std::string_view bytes);

/// One record with this content.
std::string tfrecord(std::string_view content);

}  // namespace ppo
