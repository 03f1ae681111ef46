#include "scenarios/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace meshproof {
namespace {

Diagnostic file_error(std::string_view path, std::string code, std::string message,
                      Severity severity = Severity::Error) {
  return {.place = {},
          .severity = severity,
          .code = std::move(code),
          .message = std::move(message),
          .notes = {},
          .subject = std::string{path}};
}

Diagnostic system_error(std::string_view path, int reason) {
  return file_error(path, "cannot-read",
                    "cannot be read: " + std::system_category().message(reason));
}

std::string_view kind_of_file(mode_t mode) {
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

/// Walks directories, each once.
class Walk {
 public:
  explicit Walk(Diagnostics& diagnostics) : diagnostics_(&diagnostics) {}

  /// What is read below a directory, sorted by path.
  TreeSelection directory(const std::string& path) {
    files_.clear();
    packed_.clear();
    bool has_error = false;
    std::vector<std::string> directories{path};
    while (!directories.empty()) {
      const std::string next = std::move(directories.back());
      directories.pop_back();
      const std::size_t told = diagnostics_->size();
      for (auto& below : list(next)) directories.push_back(std::move(below));
      has_error = has_error || diagnostics_->size() != told;
    }
    const bool was_read_before = has_known_file_ || (has_known_directory_ && has_files_);
    if (files_.empty() && !has_error && !was_read_before) {
      diagnostics_->push_back(file_error(
          path, "no-manifests", "there is no .yaml, .yml or .json file below this directory"));
    }
    std::ranges::sort(files_);
    std::ranges::sort(packed_);
    TreeSelection selection = select_files(files_);
    tell_left_out(selection, packed_, path, *diagnostics_);
    return selection;
  }

  /// True the first time that this file or directory is met.
  bool is_new(const struct stat& status) {
    return seen_.emplace(status.st_dev, status.st_ino).second;
  }

 private:
  /// Adds the files of a directory and returns the directories in it.
  std::vector<std::string> list(const std::string& path) {
    std::error_code failure;
    std::vector<std::string> entries;
    std::filesystem::directory_iterator at{path, failure};
    for (; !failure && at != std::filesystem::directory_iterator{}; at.increment(failure)) {
      entries.push_back(at->path().string());
    }
    if (failure) diagnostics_->push_back(system_error(path, failure.value()));
    std::vector<std::string> directories;
    for (auto& entry : entries) {
      struct stat status {};
      if (::stat(entry.c_str(), &status) != 0) {
        // A link to nowhere that has nothing to do with manifests is nobody's mistake.
        const bool is_loose_link = errno == ENOENT || errno == ELOOP;
        if (is_manifest_name(entry) || !is_loose_link) {
          diagnostics_->push_back(system_error(entry, errno));
        }
      } else if (S_ISDIR(status.st_mode)) {
        if (entry.ends_with("/.git")) continue;
        if (is_new(status)) {
          directories.push_back(std::move(entry));
        } else {
          has_known_directory_ = true;
        }
      } else if (is_manifest_name(entry)) {
        add(std::move(entry), status);
      } else if (is_packed_name(entry)) {
        packed_.push_back(std::move(entry));
      }
    }
    return directories;
  }

  void add(std::string path, const struct stat& status) {
    if (!S_ISREG(status.st_mode)) {
      diagnostics_->push_back(file_error(
          path, "not-a-file",
          fmt::format("{} inside of a directory is not read", kind_of_file(status.st_mode))));
    } else if (is_new(status)) {
      files_.push_back(std::move(path));
      has_files_ = true;
    } else {
      has_known_file_ = true;
    }
  }

  Diagnostics* diagnostics_;
  std::vector<std::string> files_;
  std::vector<std::string> packed_;
  bool has_files_ = false;            ///< some directory had manifests
  bool has_known_file_ = false;       ///< some file was met again
  bool has_known_directory_ = false;  ///< some directory was met again
  std::set<std::pair<dev_t, ino_t>> seen_;
};

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings,
                             [&](std::string_view ending) { return path.ends_with(ending); });
}

}  // namespace

bool is_manifest_name(std::string_view path) {
  return ends_with_any(path, {".yaml", ".yml", ".json", "/Kustomization"});
}

bool is_packed_name(std::string_view path) {
  const std::string_view base = path.substr(path.rfind('/') + 1);
  if (base.find(".log") != std::string_view::npos) return false;
  return ends_with_any(path, {".gz", ".tgz", ".tar", ".zip", ".xz", ".bz2", ".zst", ".7z"});
}

void tell_left_out(const TreeSelection& selection, const std::vector<std::string>& packed,
                   std::string_view tree, Diagnostics& diagnostics) {
  const auto is_inside = [&](const std::string& path) {
    return std::ranges::any_of(selection.roots,
                               [&](const std::string& root) { return path.starts_with(root); });
  };
  if (!selection.roots.empty()) {
    diagnostics.push_back(file_error(
        tree, "must-gather",
        fmt::format("a must-gather: {} files with objects are read, {} others are left out",
                    selection.files.size(), selection.left_out),
        Severity::Note));
  }
  const auto outside = std::ranges::find_if_not(packed, is_inside);
  if (outside == packed.end()) return;
  const auto count =
      packed.size() - static_cast<std::size_t>(std::ranges::count_if(packed, is_inside));
  diagnostics.push_back(
      file_error(*outside, "packed-file-inside",
                 count == 1 ? "a packed file inside of a directory or archive is not read: give it "
                              "by itself"
                            : fmt::format("{} packed files inside of a directory or archive are "
                                          "not read, this is the first: give them by themselves",
                                          count),
                 Severity::Note));
}

std::vector<InputFile> find_files(const std::vector<std::string>& paths, Diagnostics& diagnostics) {
  std::vector<InputFile> files;
  Walk walk{diagnostics};
  bool has_stdin = false;
  for (std::size_t named = 0; named < paths.size(); ++named) {
    const std::string& path = paths[named];
    struct stat status {};
    if (path == kStandardInput) {
      if (std::exchange(has_stdin, true)) {
        diagnostics.push_back(
            file_error(path, "stdin-twice", "standard input can be read only once"));
      } else {
        files.push_back({path, false, named});
      }
    } else if (::stat(path.c_str(), &status) != 0) {
      diagnostics.push_back(system_error(path, errno));
    } else if (S_ISDIR(status.st_mode)) {
      if (!walk.is_new(status)) continue;
      for (TreeFile& file : walk.directory(path).files) {
        files.push_back({std::move(file.path), true, named, std::move(file.gathered)});
      }
    } else if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)) {
      // A FIFO that is named is a process substitution.
      if (S_ISFIFO(status.st_mode) || walk.is_new(status)) files.push_back({path, false, named});
    } else {
      diagnostics.push_back(file_error(
          path, "not-a-file", fmt::format("{} is not read", kind_of_file(status.st_mode))));
    }
  }
  return files;
}

}  // namespace meshproof
