// What may stand at a place of the command line, for a shell to offer there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ppo {

struct Offer {
  std::string text;
  std::string help;  // a few words, or none
};

struct Offers {
  enum class Paths { none, folders, files };
  std::vector<Offer> texts = {};
  Paths paths = Paths::none;              // besides
  std::vector<std::string> endings = {};  // of the files; empty: any file
};

/// For the last of `words`, of which there is at least one and which is what stands there so far, perhaps
/// empty; without the program's name. The texts are all that may stand there, whatever they begin with; those
/// for "--flag=value" are values.
Offers offers_for(const std::vector<std::string>& words);

/// "names", "folders" or "files .gif .png", and a line "text<TAB>help" for each offer. Scripts read it.
std::string lines_of(const Offers& offers);

/// The start of a help text, as far as it is a short description.
std::string_view in_short(std::string_view help);

}  // namespace ppo
