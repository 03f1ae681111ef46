#include "scenarios/archive.h"

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <utility>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

namespace meshproof {
namespace {

struct FreeReader {
  void operator()(archive* reader) const { ::archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, FreeReader>;

/// Two blocks of zeros end a tar file; one that was cut off between two members lacks them.
constexpr std::uint64_t kTarEnd = 512;

/// What the tar reader is fed with, and what has been seen of it.
struct Feed {
  const ByteSource* bytes;
  std::array<char, std::size_t{1} << 16U> block{};
  std::uint64_t zeros_at_end = 0;
  std::string failure;

  std::size_t next() {
    const std::size_t count = (*bytes)(block, failure);
    const std::string_view bytes_read{block.data(), count};
    const std::size_t last = bytes_read.find_last_not_of('\0');
    const std::size_t zeros = last == std::string_view::npos ? count : count - 1 - last;
    zeros_at_end = zeros == count ? zeros_at_end + zeros : zeros;
    return count;
  }
};

la_ssize_t feed_block(archive* reader, void* feed_pointer, const void** block) {
  auto& feed = *static_cast<Feed*>(feed_pointer);
  const std::size_t count = feed.next();
  *block = feed.block.data();
  if (feed.failure.empty()) return static_cast<la_ssize_t>(count);
  ::archive_set_error(reader, EIO, "%s", feed.failure.c_str());
  return ARCHIVE_FATAL;
}

std::string reason_of(archive* reader) {
  const char* words = ::archive_error_string(reader);
  std::string reason = words == nullptr ? "damaged" : words;
  const bool is_word =
      reason.size() > 1 && std::islower(static_cast<unsigned char>(reason[1])) != 0;
  if (is_word) reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
  return reason;
}

std::string plain_path(const std::filesystem::path& path) {
  return path.lexically_normal().relative_path().string();
}

/// The name as it stands in the archive; one that is not of the program's locale as UTF-8.
std::string path_of(archive_entry* entry) {
  const char* name = ::archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = ::archive_entry_pathname(entry);
  return name == nullptr ? "" : plain_path(name);
}

/// Where a link leads, as the path of a member.
std::string target_of(archive_entry* entry, const std::string& path) {
  if (const char* hard = ::archive_entry_hardlink(entry); hard != nullptr) return plain_path(hard);
  const char* soft = ::archive_entry_symlink(entry);
  if (soft == nullptr) return {};
  return plain_path(std::filesystem::path{path}.parent_path() / soft);
}

class Unpacking {
 public:
  Unpacking(archive* reader, const WantsMember& wants, const UnpackLimits& limits,
            std::uint64_t packed_size)
      : reader_(reader), wants_(&wants), limits_(limits), packed_size_(packed_size) {}

  /// Reads up to the end of the archive.
  void run() {
    while (failure_.empty()) {
      archive_entry* entry = nullptr;
      const int result = ::archive_read_next_header(reader_, &entry);
      if (result == ARCHIVE_EOF) return;
      if (result == ARCHIVE_RETRY) continue;
      if (result < ARCHIVE_WARN) {
        failure_ = reason_of(reader_);
      } else {
        add(entry);
      }
    }
  }

  [[nodiscard]] Archive take() {
    Archive archive;
    archive.failure = std::move(failure_);
    if (!archive.failure.empty()) return archive;
    for (auto& [path, bytes] : files_) archive.members.push_back({path, std::move(bytes)});
    for (auto& [path, target] : others_) archive.others.push_back({path, std::move(target)});
    return archive;
  }

 private:
  void add(archive_entry* entry) {
    std::string path = path_of(entry);
    if (!(*wants_)(path)) return;
    const bool is_link = ::archive_entry_hardlink(entry) != nullptr;
    const auto type = ::archive_entry_filetype(entry);
    if (type == AE_IFDIR) return;
    if (type == AE_IFREG && !is_link) {
      others_.erase(path);
      read(std::move(path));
    } else {
      files_.erase(path);
      others_.insert_or_assign(path, target_of(entry, path));
    }
  }

  void read(std::string path) {
    std::string bytes;
    std::array<char, std::size_t{1} << 16U> block{};
    while (true) {
      const la_ssize_t count = ::archive_read_data(reader_, block.data(), block.size());
      if (count == 0) break;
      if (count == ARCHIVE_RETRY) continue;
      if (count < 0) {
        failure_ = reason_of(reader_);
        return;
      }
      bytes.append(block.data(), static_cast<std::size_t>(count));
      kept_ += static_cast<std::uint64_t>(count);
      failure_ = overflow();
      if (!failure_.empty()) return;
    }
    files_.insert_or_assign(std::move(path), std::move(bytes));
  }

  [[nodiscard]] std::string overflow() const {
    if (kept_ > limits_.kept) {
      return fmt::format("more than {} MB of manifests are in it", limits_.kept >> 20U);
    }
    return too_dense(kept_, packed_size_, limits_);
  }

  archive* reader_;
  const WantsMember* wants_;
  UnpackLimits limits_;
  std::uint64_t packed_size_;
  std::uint64_t kept_ = 0;
  std::map<std::string, std::string> files_;
  std::map<std::string, std::string> others_;
  std::string failure_;
};

Archive failed(std::string reason) { return {{}, {}, std::move(reason)}; }

}  // namespace

Archive read_tar(const ByteSource& bytes, const WantsMember& wants, const UnpackLimits& limits) {
  Feed feed{.bytes = &bytes, .failure = {}};
  const Reader reader{::archive_read_new()};
  ::archive_read_support_format_tar(reader.get());
  if (::archive_read_open(reader.get(), &feed, nullptr, feed_block, nullptr) != ARCHIVE_OK) {
    return failed(reason_of(reader.get()));
  }
  constexpr auto kNoRatio = std::numeric_limits<std::uint64_t>::max();
  Unpacking unpacking{reader.get(), wants, limits, kNoRatio};
  unpacking.run();
  // The library's own reason would be that the file is too short.
  if (!feed.failure.empty()) return failed(std::move(feed.failure));
  Archive archive = unpacking.take();
  if (!archive.failure.empty()) return archive;
  // What follows the end is padding; reading it checks the sum of a gzip file around it.
  while (feed.next() != 0) {
  }
  if (!feed.failure.empty()) return failed(std::move(feed.failure));
  if (feed.zeros_at_end < kTarEnd) return failed("cut off before its end");
  return archive;
}

Archive read_zip(std::string_view bytes, const WantsMember& wants, const UnpackLimits& limits) {
  const Reader reader{::archive_read_new()};
  ::archive_read_support_format_zip(reader.get());
  if (::archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK) {
    return failed(reason_of(reader.get()));
  }
  Unpacking unpacking{reader.get(), wants, limits, bytes.size()};
  unpacking.run();
  return unpacking.take();
}

}  // namespace meshproof
