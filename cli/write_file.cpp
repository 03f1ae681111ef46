#include "cli/write_file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace meshproof {
namespace {

bool write_text(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Small pieces are gathered, so that a system call is worth it.
bool write_all(int file, const Writing& writing) {
  constexpr std::size_t kWorthACall = std::size_t{1} << 18U;
  std::string gathered;
  bool ok = true;
  const auto flush = [&] {
    ok = ok && write_text(file, gathered);
    gathered.clear();
    return ok;
  };
  writing([&](std::string_view piece) {
    if (gathered.empty() && piece.size() >= kWorthACall) return ok = ok && write_text(file, piece);
    gathered += piece;
    return gathered.size() < kWorthACall || flush();
  });
  return flush();
}

std::string failure(std::string_view what) {
  return fmt::format("the file could not be {}: {}", what, std::strerror(errno));
}

std::string write_directly(const std::string& path, const Writing& writing) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return failure("opened");
  std::string problem = write_all(file, writing) ? "" : failure("written");
  if (::close(file) != 0 && problem.empty()) problem = failure("written");
  return problem;
}

}  // namespace

std::string write_file_atomically(const std::string& path, const Writing& writing) {
  struct stat before {};
  const bool exists = ::stat(path.c_str(), &before) == 0;
  if (exists && S_ISDIR(before.st_mode)) return "this is a directory, not a file";
  if (exists && !S_ISREG(before.st_mode)) return write_directly(path, writing);

  // A rename would replace a link, not the file that it names.
  std::error_code ignored;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, ignored);
  const std::string target = real.empty() ? path : real.string();
  std::string temporary = target + ".XXXXXX";
  const int file = ::mkstemp(temporary.data());
  if (file < 0) return failure("created");
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = exists ? before.st_mode & 07777 : 0666 & ~mask;
  std::string problem;
  if (::fchmod(file, mode) != 0 || !write_all(file, writing) || ::fsync(file) != 0) {
    problem = failure("written");
  }
  if (::close(file) != 0 && problem.empty()) problem = failure("written");
  if (problem.empty() && ::rename(temporary.c_str(), target.c_str()) != 0) {
    problem = failure("renamed");
  }
  if (!problem.empty()) ::unlink(temporary.c_str());
  return problem;
}

std::string write_file_atomically(const std::string& path, std::string_view text) {
  return write_file_atomically(path, [&](const WritePiece& write) { write(text); });
}

}  // namespace meshproof
