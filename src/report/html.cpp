#include "report/html.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "system/text.hpp"

namespace ppo {
std::string escape(std::string_view text) {
  std::string whole = printable(text);
  // U+FFFE and U+FFFF may stand in no XML; U+FFFD stands for what is not to be shown.
  for (std::size_t i = whole.find("\xEF\xBF"); i != std::string::npos; i = whole.find("\xEF\xBF", i + 2)) {
    if (whole[i + 2] == '\xBE' || whole[i + 2] == '\xBF') whole[i + 2] = '\xBD';
  }
  std::string out;
  for (const char c : whole) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string script_json(const nlohmann::ordered_json& json) {
  // Outside of strings JSON has no '<': what remains can neither end the element nor open a comment in it.
  std::string out;
  for (const char c : json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace)) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string data_uri(std::string_view type, std::string_view bytes) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "data:" + std::string(type) + ";base64,";
  out.reserve(out.size() + (bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const auto byte = [&](std::size_t j) {
      return i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U;
    };
    const unsigned triple = byte(0) << 16U | byte(1) << 8U | byte(2);
    out += digits[triple >> 18U];
    out += digits[triple >> 12U & 63U];
    out += i + 1 < bytes.size() ? digits[triple >> 6U & 63U] : '=';
    out += i + 2 < bytes.size() ? digits[triple & 63U] : '=';
  }
  return out;
}

std::string fill(std::string_view page, const std::map<std::string_view, std::string>& values) {
  std::string out;
  for (;;) {
    const std::size_t open = page.find("{{");
    out += page.substr(0, open);
    if (open == std::string_view::npos) return out;
    const std::size_t close = page.find("}}", open);
    out += values.at(page.substr(open + 2, close - open - 2));
    page.remove_prefix(close + 2);
  }
}

std::string without_source_map(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.find("# sourceMappingURL=") != std::string_view::npos) continue;
    out += line;
    out += '\n';
  }
  return out;
}

std::string number(double value) {
  if (std::isnan(value)) return "–";
  if (value == 0) return "0";
  const double size = std::abs(value);
  if (size >= 1e15 || size < 1e-4) return fmt::format("{:.3g}", value);
  if (size >= 1000) return grouped(std::llround(value));
  return size >= 1 ? fmt::format("{:.2f}", value) : fmt::format("{:.4f}", value);
}

std::string number(const std::optional<double>& value) {
  return number(value.value_or(std::numeric_limits<double>::quiet_NaN()));
}

std::string plain_number(double value) {
  return fmt::format("{:.15g}", value);
}

std::string plain_time(const std::string& time) {
  if (time.size() != 20 || time[10] != 'T') return time;
  return fmt::format("{} {} UTC", time.substr(0, 10), time.substr(11, 5));
}

std::string duration(double seconds) {
  if (!(seconds < 1e15)) return "–";  // llround has no answer
  if (seconds < 60) return fmt::format("{:.2f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

}  // namespace ppo
