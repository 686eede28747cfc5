#include "formats/safetensors.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "formats/json_names.hpp"
#include "system/errors.hpp"
#include "system/read_file.hpp"
#include "system/text.hpp"

namespace ppo {
namespace {

using Json = nlohmann::json;  // finds keys fast: ordered_json would take hours for a header full of them

constexpr std::size_t kLengthBytes = 8;
constexpr std::uint64_t kMostCount = std::numeric_limits<std::int64_t>::max();

struct DtypeFacts {
  Dtype dtype;
  const char* name;
  std::size_t size;  // [bytes]
};

constexpr DtypeFacts kDtypes[] = {{Dtype::u8, "U8", 1},   {Dtype::i32, "I32", 4}, {Dtype::i64, "I64", 8},
                                  {Dtype::u64, "U64", 8}, {Dtype::f32, "F32", 4}, {Dtype::f64, "F64", 8}};

const DtypeFacts& facts_of(Dtype dtype) {
  return kDtypes[static_cast<std::size_t>(dtype)];
}

[[noreturn]] void refuse(const std::string& file, const char* what, const std::string& problem) {
  throw Failure(kWrongInput, printable(file) + ": not a readable " + what + ": " + printable(problem));
}

/// Does what may fail because of the file; then it is refused.
template <class Do>
void refusing(const std::string& file, const char* what, const Do& action) {
  try {
    action();
  } catch (const Unreadable& problem) {
    refuse(file, what, std::string("it ") + problem.what());
  } catch (const Json::exception&) {
    refuse(file, what, "its header is not valid safetensors");
  } catch (const std::runtime_error& error) {
    refuse(file, what, error.what());
  }
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
    if (!count) throw std::runtime_error("its header has an invalid size");
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
  const std::vector<std::uint64_t> offsets = read_numbers(facts.at("data_offsets"));
  if (offsets.size() != 2 || offsets[0] > offsets[1]) {
    throw std::runtime_error("tensor " + quote(name) + " does not say where its data begins and ends");
  }
  return {&name, &facts, offsets[0], offsets[1]};
}

Dtype read_dtype(const std::string& name, const Json& dtype) {
  for (const DtypeFacts& known : kDtypes) {
    if (dtype == known.name) return known.dtype;
  }
  throw std::runtime_error("tensor " + quote(name) + " has an unknown dtype");
}

/// Where the tensor lies in `data_size` bytes. Each starts where the one before has ended, at `covered`.
TensorPlace read_place(const Entry& entry, std::size_t data_size, std::size_t& covered) {
  TensorPlace place{*entry.name, read_dtype(*entry.name, entry.facts->at("dtype")), {}};
  if (entry.end > data_size) {
    throw std::runtime_error("it ends before its tensor " + quote(place.name) + " does");
  }
  if (entry.begin != covered) {
    throw std::runtime_error("tensor " + quote(place.name) + " does not follow the one before it");
  }
  place.begin = entry.begin;
  place.size = entry.end - entry.begin;
  const std::size_t number_size = facts_of(place.dtype).size;
  std::uint64_t count = 1;
  bool fits = place.size % number_size == 0;
  for (const std::uint64_t extent : read_numbers(entry.facts->at("shape"))) {
    fits = fits && extent <= kMostCount && (extent == 0 || count <= kMostCount / extent);  // no overflow
    count = fits ? count * extent : 0;
    place.shape.push_back(static_cast<std::int64_t>(extent));
  }
  if (!fits || count != place.size / number_size) {
    throw std::runtime_error("the shape of tensor " + quote(place.name) + " does not fit its data");
  }
  covered = entry.end;
  return place;
}

/// The header's text, behind its length, in a file or in the start of one.
std::string_view header_text(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) throw std::runtime_error("it is shorter than its header");
  const std::uint64_t length = read_length(bytes);
  bytes.remove_prefix(kLengthBytes);
  if (length > kMostHeaderBytes || length > bytes.size()) {
    throw std::runtime_error("it is shorter than its header");
  }
  return bytes.substr(0, length);
}

Json parse_header(std::string_view text) {
  json::refuse_equal_names(text);
  Json header = Json::parse(text);
  if (!header.is_object()) throw std::runtime_error("its header is not a JSON object");
  return header;
}

constexpr const char* kMetadata = "__metadata__";

/// Fills the tensors and the metadata from the bytes.
void parse(SafeTensorsImage& image) {
  const std::string_view text = header_text(image.bytes);
  const std::size_t data_begin = kLengthBytes + text.size();
  const std::size_t data_size = image.bytes.size() - data_begin;
  const Json header = parse_header(text);
  std::vector<Entry> entries;
  for (const auto& [name, facts] : header.get_ref<const Json::object_t&>()) {
    if (name == kMetadata) {
      image.metadata = facts.get<std::map<std::string, std::string>>();
    } else {
      entries.push_back(read_entry(name, facts));
    }
  }
  std::ranges::sort(entries, {},
                    [](const Entry& entry) { return std::tie(entry.begin, entry.end, *entry.name); });
  std::size_t covered = 0;
  for (const Entry& entry : entries) image.tensors.push_back(read_place(entry, data_size, covered));
  if (covered != data_size) throw std::runtime_error("its tensors do not cover its data");
  for (TensorPlace& place : image.tensors) place.begin += data_begin;
}

}  // namespace

std::size_t byte_size(const TensorPlace& tensor) {
  std::size_t size = facts_of(tensor.dtype).size;
  for (const std::int64_t extent : tensor.shape) size *= static_cast<std::size_t>(extent);
  return size;
}

SafeTensorsImage lay_out(std::vector<TensorPlace> tensors, std::map<std::string, std::string> metadata) {
  nlohmann::ordered_json header;
  header[kMetadata] = metadata;
  std::size_t end = 0;
  for (TensorPlace& place : tensors) {
    place.begin = end;
    place.size = byte_size(place);
    end += place.size;
    header[place.name] = {
        {"dtype", facts_of(place.dtype).name}, {"shape", place.shape}, {"data_offsets", {place.begin, end}}};
  }
  std::string text = header.dump();
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');  // the numbers start aligned
  SafeTensorsImage image{length_prefix(text.size()) + text, std::move(tensors), std::move(metadata)};
  for (TensorPlace& place : image.tensors) place.begin += image.bytes.size();
  image.bytes.resize(image.bytes.size() + end);
  return image;
}

SafeTensorsImage parse_image(std::string bytes, const std::string& file, const char* what) {
  SafeTensorsImage image{std::move(bytes), {}, {}};
  refusing(file, what, [&] { parse(image); });
  return image;
}

SafeTensorsImage read_image(const std::filesystem::path& file, const char* what, std::size_t most_bytes) {
  std::string bytes;
  refusing(file, what, [&] { bytes = read_file(file, most_bytes); });
  return parse_image(std::move(bytes), file.native(), what);
}

std::map<std::string, std::string> read_metadata(const std::filesystem::path& file, const char* what) {
  std::map<std::string, std::string> metadata;
  refusing(file, what, [&] {
    const std::string start = read_start(file, kLengthBytes + kMostHeaderBytes);
    metadata = parse_header(header_text(start)).value(kMetadata, metadata);
  });
  return metadata;
}

}  // namespace ppo
