// Names in JSON, where each may come only once in an object.
#pragma once

#include <string_view>

namespace ppo::json {

/// Throws std::runtime_error, "it has `a` twice", if an object of the text has a name twice, of which a
/// reader would silently keep one value. Passes over what is not JSON from there on. Takes time that grows
/// with the text, not with its square, as the library's callback does.
void refuse_equal_names(std::string_view text);

}  // namespace ppo::json
