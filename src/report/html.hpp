// Text for a web page: nothing that comes from a file's name or content can leave its place.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace ppo {

/// Printable, and safe in HTML's text and in quoted attributes.
std::string escape(std::string_view text);

/// JSON that is safe in a <script> element.
std::string script_json(const nlohmann::ordered_json& json);

/// "data:image/gif;base64,..."
std::string data_uri(std::string_view type, std::string_view bytes);

/// Puts `values` where the template says {{name}}; they are not looked through again. Every name in the
/// template must have a value.
std::string fill(std::string_view page, const std::map<std::string_view, std::string>& values);

/// `text` without the lines by which a browser would look for a source map.
std::string without_source_map(std::string_view text);

/// Four digits that count, or two decimals: "497.48", "0.0002500", "-".
std::string number(double value);
std::string number(const std::optional<double>& value);

/// As few digits as show it: "475".
std::string plain_number(double value);

/// "2026-11-24T20:15:00Z" -> "2026-11-24 20:15 UTC".
std::string plain_time(const std::string& time);

/// "0.20 s", "3 min 20 s", "2 h 5 min", "–" for what is no number or beyond all clocks.
std::string duration(double seconds);

}  // namespace ppo
