// Writing so that a reader, or a crash, never meets half a file. Every failure is a Failure(kRunFailed) that
// names the file and the cause.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace ppo {

/// Creates the folder, which must not exist, and its parents. Returns false when it exists.
bool create_folder(const std::filesystem::path& folder);

/// Replaces the file as a whole: temporary, fsync, rename, fsync of the folder.
void write_file(const std::filesystem::path& file, std::string_view content);

/// A file that grows by whole lines: what cannot be written whole is taken back.
class LineFile {
 public:
  /// Creates the file, which must not exist, with its first line.
  LineFile(std::filesystem::path file, std::string_view header);
  LineFile(const LineFile&) = delete;
  LineFile& operator=(const LineFile&) = delete;
  ~LineFile();

  /// Appends whole lines, each with its newline.
  void append(std::string_view lines);

 private:
  std::filesystem::path file_;
  int descriptor_;
  long long size_ = 0;
};

}  // namespace ppo
