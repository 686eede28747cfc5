// Writing so that a reader, or a crash, never meets half a file. Every failure is a Failure(kRunFailed) that
// names the file and the cause.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "system/descriptor.hpp"

namespace ppo {

/// Creates the folder and its parents, of which those that are new survive a power cut. Returns false when it
/// was there.
bool create_folder(const std::filesystem::path& folder);

/// `text` as the name of a file: letters, digits, '.', '_' and '-' as they are, but neither '.' nor '-' in
/// front; everything else becomes '_'.
std::string file_name(std::string_view text);

/// Replaces the file as a whole: temporary, fsync, rename, fsync of the folder. Another process may be
/// writing the same file.
void write_file(const std::filesystem::path& file, std::string_view content);

/// All in the folder, which need not be there, but folders.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

/// Removes from the folder the temporaries that nobody is writing any more.
void remove_leftovers(const std::filesystem::path& folder);

/// Removes the file if it is there.
void remove_file(const std::filesystem::path& file);

/// Makes sure that the names in the folder survive a power cut.
void sync_folder(const std::filesystem::path& folder);

/// Makes sure that the folder's own name does, where it can be: one that may not be listed cannot be synced.
void sync_name(const std::filesystem::path& folder);

/// A file that grows by whole records, lines for example: what cannot be written whole is taken back.
class GrowingFile {
 public:
  /// Creates the file, which must not exist, with its first records.
  GrowingFile(std::filesystem::path file, std::string_view records);
  /// Goes on with a file that is there, of which the first `size` bytes are kept.
  GrowingFile(std::filesystem::path file, std::uintmax_t size);
  GrowingFile(const GrowingFile&) = delete;
  GrowingFile& operator=(const GrowingFile&) = delete;

  void append(std::string_view records);

  /// Makes sure that what it holds survives a power cut. May be called while another thread appends. Fails
  /// for good when it has failed once: the system may have forgotten what it could not write.
  void sync();

 private:
  std::filesystem::path file_;
  Descriptor descriptor_;
  long long size_ = 0;
  int sync_error_ = 0;
};

/// `file`, once it is known that it can be written: its folder is there and may be written to, itself it is
/// none. Throws Failure: kWrongInput, and kRunFailed where it may not.
std::filesystem::path output_file(const std::filesystem::path& file);

}  // namespace ppo
