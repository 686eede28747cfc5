#include "formats/protobuf.hpp"

#include <bit>

namespace ppo {

void Message::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) bytes_ += static_cast<char>(value | 0x80U);
  bytes_ += static_cast<char>(value);
}

void Message::key(int field, WireType type) {
  varint(static_cast<std::uint64_t>(field) << 3U | static_cast<std::uint64_t>(type));
}

Message& Message::integer(int field, std::int64_t value) {
  key(field, kVarint);
  varint(static_cast<std::uint64_t>(value));
  return *this;
}

Message& Message::number(int field, float value) {
  key(field, kFixed32);
  bytes_ += little_endian(std::bit_cast<std::uint32_t>(value));
  return *this;
}

Message& Message::number(int field, double value) {
  key(field, kFixed64);
  bytes_ += little_endian(std::bit_cast<std::uint64_t>(value));
  return *this;
}

Message& Message::text(int field, std::string_view bytes) {
  key(field, kDelimited);
  varint(bytes.size());
  bytes_ += bytes;
  return *this;
}

Message& Message::message(int field, const Message& inner) {
  return text(field, inner.bytes_);
}

Message& Message::numbers(int field, std::span<const float> values) {
  std::string packed;
  for (const float value : values) packed += little_endian(std::bit_cast<std::uint32_t>(value));
  return text(field, packed);
}

}  // namespace ppo
