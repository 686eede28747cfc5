#include "run/safetensors.hpp"

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "config/text.hpp"
#include "errors.hpp"

namespace ppo {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMaxHeader = 1 << 20;
constexpr std::uintmax_t kMaxFile = std::uintmax_t{1} << 32;

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
    if (!number.is_number_unsigned()) throw std::runtime_error("its header has a number that is no count");
    numbers.push_back(number.get<std::uint64_t>());
  }
  return numbers;
}

/// One tensor of the header, cut out of `data`. Each starts where the one before has ended, at `covered`.
Tensor read_tensor(const std::string& name, const Json& entry, std::string_view data, std::size_t& covered) {
  if (entry.at("dtype") != "F32") throw std::runtime_error("tensor " + quote(name) + " is not float32 (F32)");
  Tensor tensor{name, {}, {}};
  const std::vector<std::uint64_t> offsets = read_numbers(entry.at("data_offsets"));
  if (offsets.size() != 2 || offsets[0] != covered || offsets[0] > offsets[1] || offsets[1] > data.size()) {
    throw std::runtime_error("tensor " + quote(name) + " does not lie behind the one before it");
  }
  const std::uint64_t bytes = offsets[1] - offsets[0];
  std::uint64_t count = 1;
  for (const std::uint64_t extent : read_numbers(entry.at("shape"))) {
    // The running count stays below the file's size, so that the product cannot overflow.
    count = extent > data.size() || count > data.size() ? data.size() + 1 : count * extent;
    tensor.shape.push_back(static_cast<std::int64_t>(extent));
  }
  if (count > data.size() || count * sizeof(float) != bytes) {
    throw std::runtime_error("the shape of tensor " + quote(name) + " does not fit its data");
  }
  covered = offsets[1];
  tensor.data.resize(count);
  if (bytes > 0) std::memcpy(tensor.data.data(), data.data() + offsets[0], bytes);
  return tensor;
}

SafeTensors parse(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) throw std::runtime_error("it is shorter than its header");
  const std::uint64_t length = read_length(bytes);
  bytes.remove_prefix(kLengthBytes);
  if (length > kMaxHeader || length > bytes.size()) throw std::runtime_error("it is shorter than its header");
  const Json header = Json::parse(bytes.substr(0, length));
  if (!header.is_object()) throw std::runtime_error("its header is no JSON object");
  bytes.remove_prefix(length);
  SafeTensors content;
  std::size_t covered = 0;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") {
      content.metadata = entry.get<std::map<std::string, std::string>>();
    } else {
      content.tensors.push_back(read_tensor(name, entry, bytes, covered));
    }
  }
  if (covered != bytes.size()) throw std::runtime_error("its tensors do not cover its data");
  return content;
}

std::string read_bytes(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) throw std::runtime_error("there is no such file");
  if (!std::filesystem::is_regular_file(file, error)) throw std::runtime_error("it is no regular file");
  if (std::filesystem::file_size(file, error) > kMaxFile) throw std::runtime_error("it is larger than 4 GiB");
  std::ifstream stream(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && !stream.eof()) throw std::runtime_error("it cannot be read");
  return bytes;
}

}  // namespace

std::string to_safetensors(const SafeTensors& content) {
  Json header;
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

SafeTensors read_safetensors(const std::filesystem::path& file) {
  try {
    return parse(read_bytes(file));
  } catch (const Json::exception&) {
    throw Failure(kWrongInput, printable(file.native()) +
                                   ": not a readable policy: its header is not what safetensors asks for");
  } catch (const std::exception& error) {
    throw Failure(kWrongInput,
                  printable(file.native()) + ": not a readable policy: " + printable(error.what()));
  }
}

}  // namespace ppo
