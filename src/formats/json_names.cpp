#include "formats/json_names.hpp"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "system/text.hpp"

namespace ppo::json {
namespace {

using Json = nlohmann::json;

/// Sees the text as it is read, and keeps nothing but the names of the objects that are open.
class Names : public nlohmann::json_sax<Json> {
 public:
  bool start_object(std::size_t) override {
    open_.emplace_back();
    return true;
  }
  bool key(std::string& name) override {
    if (open_.back().insert(name).second) return true;
    throw std::runtime_error("it has " + quote(name) + " twice");
  }
  bool end_object() override {
    open_.pop_back();
    return true;
  }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(std::int64_t) override { return true; }
  bool number_unsigned(std::uint64_t) override { return true; }
  bool number_float(double, const std::string&) override { return true; }
  bool string(std::string&) override { return true; }
  bool binary(Json::binary_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const Json::exception&) override { return false; }

 private:
  std::vector<std::set<std::string>> open_;
};

}  // namespace

void refuse_equal_names(std::string_view text) {
  Names names;
  Json::sax_parse(text, &names);
}

}  // namespace ppo::json
