#include "scenarios/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <set>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "scenarios/text.h"

namespace meshproof {
namespace {

/// Larger files are refused rather than read until memory ends (a FIFO may never end).
constexpr std::size_t kLargestFile = std::size_t{2} << 30;

constexpr std::string_view kStdin = "-";

Diagnostic file_error(std::string_view path, std::string code, std::string message) {
  return {.place = {},
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

bool is_manifest_name(std::string_view path) {
  return path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
}

/// Walks directories, each once.
class Walk {
 public:
  Walk(std::vector<InputFile>& files, Diagnostics& diagnostics)
      : files_(&files), diagnostics_(&diagnostics) {}

  void directory(const std::string& path) {
    std::vector<std::string> directories{path};
    while (!directories.empty()) {
      const std::string next = std::move(directories.back());
      directories.pop_back();
      for (auto& below : list(next)) directories.push_back(std::move(below));
    }
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
        if (is_manifest_name(entry)) diagnostics_->push_back(system_error(entry, errno));
      } else if (S_ISDIR(status.st_mode)) {
        if (!entry.ends_with("/.git") && is_new(status)) directories.push_back(std::move(entry));
      } else if (is_manifest_name(entry)) {
        add(std::move(entry), status);
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
      files_->push_back({std::move(path), true});
    }
  }

  std::vector<InputFile>* files_;
  Diagnostics* diagnostics_;
  std::set<std::pair<dev_t, ino_t>> seen_;
};

/// Closes its file.
struct OpenFile {
  int descriptor = -1;
  explicit OpenFile(int opened) : descriptor(opened) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (descriptor > STDERR_FILENO) ::close(descriptor);
  }
};

std::optional<std::string> read_all(const InputFile& input, Diagnostics& diagnostics) {
  const bool is_stdin = input.path == kStdin;
  const OpenFile file{is_stdin ? STDIN_FILENO : ::open(input.path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat status {};
  if (file.descriptor < 0 || ::fstat(file.descriptor, &status) != 0) {
    diagnostics.push_back(system_error(input.path, errno));
    return std::nullopt;
  }
  const auto refuse_large = [&] {
    diagnostics.push_back(file_error(
        input.path, "too-large", "larger than 2 GB, the most that is read of one file: split it"));
    return std::nullopt;
  };
  std::string text;
  if (S_ISREG(status.st_mode)) {
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > kLargestFile) return refuse_large();
    text.reserve(size + 1);
  }
  std::array<char, 1U << 16U> block{};
  while (true) {
    const ssize_t count = ::read(file.descriptor, block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      diagnostics.push_back(system_error(input.path, errno));
      return std::nullopt;
    }
    if (count == 0) return text;
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > kLargestFile) return refuse_large();
  }
}

}  // namespace

std::vector<InputFile> find_files(const std::vector<std::string>& paths, Diagnostics& diagnostics) {
  std::vector<InputFile> files;
  Walk walk{files, diagnostics};
  bool has_stdin = false;
  for (const auto& path : paths) {
    struct stat status {};
    if (path == kStdin) {
      if (std::exchange(has_stdin, true)) {
        diagnostics.push_back(
            file_error(path, "stdin-twice", "standard input can be read only once"));
      } else {
        files.push_back({path, false});
      }
    } else if (::stat(path.c_str(), &status) != 0) {
      diagnostics.push_back(system_error(path, errno));
    } else if (S_ISDIR(status.st_mode)) {
      const auto first = static_cast<std::ptrdiff_t>(files.size());
      if (walk.is_new(status)) walk.directory(path);
      std::sort(files.begin() + first, files.end(),
                [](const InputFile& a, const InputFile& b) { return a.path < b.path; });
    } else if (S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode)) {
      // A FIFO that is named is a process substitution.
      if (S_ISFIFO(status.st_mode) || walk.is_new(status)) files.push_back({path, false});
    } else {
      diagnostics.push_back(file_error(
          path, "not-a-file", fmt::format("{} is not read", kind_of_file(status.st_mode))));
    }
  }
  return files;
}

std::optional<SourceText> load_text(std::string name, std::string text, Sources& sources,
                                    Diagnostics& diagnostics) {
  auto fault = check_text(text, name);
  auto shared = std::make_shared<const std::string>(std::move(text));
  const FileId file = sources.add(name, fault ? nullptr : shared);
  if (!fault) return SourceText{std::move(name), file, false, std::move(shared)};
  if (fault->place.line == 0) {
    fault->subject = std::move(name);
  } else {
    fault->place.file = file;
  }
  diagnostics.push_back(std::move(*fault));
  return std::nullopt;
}

std::optional<SourceText> load_file(const InputFile& input, Sources& sources,
                                    Diagnostics& diagnostics) {
  auto text = read_all(input, diagnostics);
  if (!text) return std::nullopt;
  auto loaded = load_text(input.path == kStdin ? "<stdin>" : input.path, std::move(*text), sources,
                          diagnostics);
  if (loaded) loaded->walked = input.walked;
  return loaded;
}

}  // namespace meshproof
