#pragma once

#include <string>
#include <string_view>

namespace meshproof {

/// A directory of its own for one test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  /// Writes a file, with the directories on its way, and returns its path.
  std::string write(std::string_view name, std::string_view text) const;
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Of a file in it, which need not be there.
  [[nodiscard]] std::string path(std::string_view name) const {
    return path_ + '/' + std::string(name);
  }

 private:
  std::string path_;
};

}  // namespace meshproof
