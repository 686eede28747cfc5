#include "run/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "config/read_file.hpp"
#include "config/text.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

using Json = nlohmann::json;  // finds keys fast: ordered_json would take hours for a header full of them

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMostCount = std::numeric_limits<std::int64_t>::max();

[[noreturn]] void refuse(const std::string& file, const std::string& problem) {
  throw Failure(kWrongInput, printable(file) + ": not a readable policy: " + problem);
}

/// The header's length, little-endian.
std::string length_prefix(std::uint64_t length) {
  std::string bytes;
  for (std::size_t i = 0; i < kLengthBytes; ++i) bytes.push_back(static_cast<char>(length >> (8 * i)));
  return bytes;
}

std::uint64_t read_length(std::string_view bytes) {
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return length;
}

/// A list of whole numbers, none of them negative.
std::vector<std::uint64_t> read_numbers(const Json& list) {
  std::vector<std::uint64_t> numbers;
  for (const Json& number : list) {
    const bool count = number.is_number_unsigned() && number.get<std::uint64_t>() <= kMostCount;
    if (!count) throw std::runtime_error("its header has a number that is no count");
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

struct Entry {
  const std::string* name;
  const Json* facts;
  std::uint64_t begin, end;  // of its data
};

Entry read_entry(const std::string& name, const Json& facts) {
  if (facts.at("dtype") != "F32") throw std::runtime_error("tensor " + quote(name) + " is not float32 (F32)");
  const std::vector<std::uint64_t> offsets = read_numbers(facts.at("data_offsets"));
  if (offsets.size() != 2 || offsets[0] > offsets[1]) {
    throw std::runtime_error("tensor " + quote(name) + " does not say where its data begins and ends");
  }
  return {&name, &facts, offsets[0], offsets[1]};
}

/// The tensor, cut out of `data`. Each starts where the one before has ended, at `covered`.
Tensor read_tensor(const Entry& entry, std::string_view data, std::size_t& covered) {
  Tensor tensor{*entry.name, {}, {}};
  if (entry.begin != covered || entry.end > data.size()) {
    throw std::runtime_error("tensor " + quote(tensor.name) + " does not lie behind the one before it");
  }
  const std::uint64_t bytes = entry.end - entry.begin;
  std::uint64_t count = 1;
  bool fits = bytes % sizeof(float) == 0;
  for (const std::uint64_t extent : read_numbers(entry.facts->at("shape"))) {
    fits = fits && (extent == 0 || count <= kMostCount / extent);  // the product cannot overflow
    count = fits ? count * extent : 0;
    tensor.shape.push_back(static_cast<std::int64_t>(extent));
  }
  if (!fits || count != bytes / sizeof(float)) {
    throw std::runtime_error("the shape of tensor " + quote(tensor.name) + " does not fit its data");
  }
  covered = entry.end;
  tensor.data.resize(count);
  if (bytes > 0) std::memcpy(tensor.data.data(), data.data() + entry.begin, bytes);
  return tensor;
}

SafeTensors parse(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) throw std::runtime_error("it is shorter than its header");
  const std::uint64_t length = read_length(bytes);
  bytes.remove_prefix(kLengthBytes);
  if (length > kMostHeaderBytes || length > bytes.size())
    throw std::runtime_error("it is shorter than its header");
  const Json header = Json::parse(bytes.substr(0, length));
  if (!header.is_object()) throw std::runtime_error("its header is no JSON object");
  bytes.remove_prefix(length);
  SafeTensors content;
  std::vector<Entry> entries;
  for (const auto& [name, facts] : header.get_ref<const Json::object_t&>()) {
    if (name == "__metadata__") {
      content.metadata = facts.get<std::map<std::string, std::string>>();
    } else {
      entries.push_back(read_entry(name, facts));
    }
  }
  const auto place = [](const Entry& entry) { return std::pair(entry.begin, entry.end); };
  std::ranges::stable_sort(entries, {}, place);
  std::size_t covered = 0;
  for (const Entry& entry : entries) content.tensors.push_back(read_tensor(entry, bytes, covered));
  if (covered != bytes.size()) throw std::runtime_error("its tensors do not cover its data");
  return content;
}

}  // namespace

std::string to_safetensors(const SafeTensors& content) {
  nlohmann::ordered_json header;
  header["__metadata__"] = content.metadata;
  std::string data;
  for (const Tensor& tensor : content.tensors) {
    const std::size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.data.data()), tensor.data.size() * sizeof(float));
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {begin, data.size()}}};
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');  // the numbers start aligned
  return length_prefix(text.size()) + text + data;
}

SafeTensors parse_safetensors(std::string_view bytes, const std::string& file) {
  try {
    return parse(bytes);
  } catch (const Json::exception&) {
    refuse(file, "its header is not what safetensors asks for");
  } catch (const std::runtime_error& error) {
    refuse(file, error.what());
  }
}

SafeTensors read_safetensors(const std::filesystem::path& file, std::size_t most_bytes) {
  std::string bytes;
  try {
    bytes = read_file(file, most_bytes);
  } catch (const Unreadable& problem) {
    refuse(file.native(), std::string("it ") + problem.what());
  }
  return parse_safetensors(bytes, file.native());
}

}  // namespace ppo
