#include "film/film.hpp"

#include "errors.hpp"

namespace ppo {

std::string film(const std::filesystem::path&, const Environment&, std::span<const float>, const FilmOptions&) {
  throw Failure(kRunFailed, "not there yet");
}

}  // namespace ppo
