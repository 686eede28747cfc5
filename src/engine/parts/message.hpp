// What the two ends of a Channel say to each other: plain data in order. Both ends are the same program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "system/errors.hpp"

namespace ppo {

class Message {
 public:
  Message() = default;
  explicit Message(std::string bytes) : bytes_(std::move(bytes)) {}

  template <class T>
  void put(const T& value) {
    put_bytes(&value, sizeof value);
  }

  /// With their number.
  template <class T>
  void put_all(std::span<const T> values) {
    put(static_cast<std::uint64_t>(values.size()));
    put_bytes(values.data(), values.size_bytes());
  }
  template <class T>
  void put_all(const std::vector<T>& values) {
    put_all(std::span<const T>(values));
  }
  void put_text(std::string_view text) { put_all(std::span<const char>(text)); }

  /// What was put first and not yet got. Throws Failure(kRunFailed) where there is not so much.
  template <class T>
  T get() {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    get_bytes(&value, sizeof value);
    return value;
  }
  template <class T>
  std::vector<T> get_all() {
    const auto count = get<std::uint64_t>();
    if (count > left() / sizeof(T)) refuse();
    std::vector<T> values(static_cast<std::size_t>(count));
    get_bytes(values.data(), values.size() * sizeof(T));
    return values;
  }
  std::string get_text() {
    const std::vector<char> text = get_all<char>();
    return {text.begin(), text.end()};
  }

  std::string take() { return std::move(bytes_); }

 private:
  std::size_t left() const { return bytes_.size() - at_; }

  void put_bytes(const void* from, std::size_t size) { bytes_.append(static_cast<const char*>(from), size); }

  void get_bytes(void* to, std::size_t size) {
    if (size > left()) refuse();
    if (size > 0) std::memcpy(to, bytes_.data() + at_, size);
    at_ += size;
  }

  [[noreturn]] static void refuse() {
    throw Failure(kRunFailed, "a message between two parts of this program was cut short");
  }

  std::string bytes_;
  std::size_t at_ = 0;
};

}  // namespace ppo
