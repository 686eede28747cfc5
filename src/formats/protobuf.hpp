// Writes Google's protobuf wire format, used by ONNX models and TensorBoard events.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ppo {

/// Builds a message. Fields are written in the order in which they are added; adding a field again repeats
/// it.
class Message {
 public:
  Message& integer(int field, std::int64_t value);   // int32, int64, bool, enum
  Message& number(int field, float value);           // float
  Message& number(int field, double value);          // double
  Message& text(int field, std::string_view bytes);  // string, bytes
  Message& message(int field, const Message& inner);
  Message& numbers(int field, std::span<const float> values);  // repeated float, packed

  const std::string& bytes() const { return bytes_; }

 private:
  enum WireType { kVarint = 0, kFixed64 = 1, kDelimited = 2, kFixed32 = 5 };

  void key(int field, WireType type);
  void varint(std::uint64_t value);

  std::string bytes_;
};

/// The number's bytes, the lowest first.
template <class Unsigned>
std::string little_endian(Unsigned number) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}

}  // namespace ppo
