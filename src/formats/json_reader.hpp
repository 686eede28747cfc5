// Reads JSON that a program of ours has written, and says what is wrong with one that it has not.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ppo::json {

using Value = nlohmann::json;  // finds keys fast, whatever their number

/// Throws Failure(kWrongInput): "run.json: damaged: `problem`", or "run.json:3: ..." for a line as the place.
[[noreturn]] void refuse(const std::string& place, std::string_view problem);

/// The text of `file`. Throws Failure(kWrongInput), naming the line where there is one.
Value parse(std::string_view text, const std::string& file);

/// A member of an object, of a certain kind. Throw std::runtime_error, for refuse().
const Value& member(const Value& object, const char* name);
const Value& list(const Value& object, const char* name);
std::int64_t whole(const Value& object, const char* name);  // 0 or more
double real(const Value& object, const char* name);
std::string text(const Value& value, const std::string& name);
std::optional<std::string> text_or_null(const Value& value, const std::string& name);

}  // namespace ppo::json
