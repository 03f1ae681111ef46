#include "scenarios/source_text.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <span>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>

#include "scenarios/archive.h"
#include "scenarios/byte_source.h"
#include "scenarios/packing.h"
#include "scenarios/text.h"

namespace meshproof {
namespace {

/// Larger texts are refused rather than read until memory ends (a FIFO may never end).
constexpr std::size_t kLargestFile = std::size_t{2} << 30;

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

enum class Archives : std::uint8_t { Refused, Read };

/// One file's way into texts.
class Loading {
 public:
  Loading(const InputFile& input, Sources& sources, Diagnostics& diagnostics,
          const UnpackLimits& limits, ByteTally* tally)
      : input_(&input),
        name_(input.path == kStandardInput ? "<stdin>" : input.path),
        sources_(&sources),
        diagnostics_(&diagnostics),
        limits_(limits),
        tally_(tally) {}

  void run(Archives archives) {
    const bool is_stdin = input_->path == kStandardInput;
    const OpenFile file{is_stdin ? STDIN_FILENO
                                 : ::open(input_->path.c_str(), O_RDONLY | O_CLOEXEC)};
    struct stat status {};
    if (file.descriptor < 0 || ::fstat(file.descriptor, &status) != 0) {
      return cannot_read(std::system_category().message(errno));
    }
    const std::size_t size = S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) : 0;
    const ByteSource bytes = counted(bytes_of(file.descriptor));
    std::string text;
    std::string failure;
    read_bytes(bytes, kPackingBytes, text, failure);
    const Packing packing = packing_of(text);
    if (packing == Packing::None) {
      if (size > kLargestFile) return too_large();
      if (!failure.empty()) return cannot_read(failure);
      return add_rest(bytes, size, std::move(text));
    }
    open_packed(packing, std::move(text), bytes, archives);
  }

  [[nodiscard]] std::vector<SourceText> take() { return std::move(texts_); }

 private:
  [[nodiscard]] ByteSource counted(ByteSource bytes) const {
    if (tally_ == nullptr) return bytes;
    return [bytes = std::move(bytes), tally = tally_](std::span<char> to, std::string& failure) {
      const std::size_t count = bytes(to, failure);
      tally->add(count);
      return count;
    };
  }

  void error(std::string code, std::string message) {
    diagnostics_->push_back({.place = {},
                             .code = std::move(code),
                             .message = std::move(message),
                             .notes = {},
                             .subject = name_});
  }

  void too_large() {
    error("too-large", "larger than 2 GB, the most that is read of one file: split it");
  }

  void cannot_read(std::string_view reason) {
    error("cannot-read", fmt::format("cannot be read: {}", reason));
  }

  void cannot_unpack(std::string_view reason) {
    error("cannot-unpack", fmt::format("cannot be unpacked: {}", reason));
  }

  /// Appends the rest to `text`; `size` is what the whole probably has. False, and told, if it is
  /// too large or cannot be read.
  bool read_rest(const ByteSource& bytes, std::size_t size, std::string& text) {
    constexpr std::size_t kStep = std::size_t{1} << 20U;
    std::size_t wanted = size > text.size() ? size - text.size() + 1 : kStep;
    std::string failure;
    while (true) {
      const std::size_t before = text.size();
      read_bytes(bytes, wanted, text, failure);
      if (text.size() > kLargestFile) {
        too_large();
        return false;
      }
      if (text.size() - before < wanted) break;
      wanted = std::max(kStep, text.size() / 2);
    }
    if (failure.empty()) return true;
    is_gzip_ ? cannot_unpack(failure) : cannot_read(failure);
    return false;
  }

  void add_rest(const ByteSource& bytes, std::size_t size, std::string text) {
    if (read_rest(bytes, size, text)) add(std::move(text), name_, input_->gathered, 0);
  }

  void open_packed(Packing packing, std::string first, const ByteSource& rest, Archives archives) {
    if (packing == Packing::Gzip) return open_gzip(std::move(first), rest, archives);
    if (packing == Packing::Foreign || archives == Archives::Refused) {
      return error("archive", unpack_advice(first, name_));
    }
    const auto wants = [&](std::string_view path) { return wants_member(path); };
    if (packing == Packing::Tar) {
      return add_archive(read_tar(bytes_after(std::move(first), rest), wants, limits_));
    }
    if (!read_rest(rest, 0, first)) return;
    add_archive(read_zip(first, wants, limits_));
  }

  void open_gzip(std::string packed, const ByteSource& rest, Archives archives) {
    is_gzip_ = true;
    const ByteSource bytes = gunzip(bytes_after(std::move(packed), rest), limits_);
    std::string first;
    std::string failure;
    read_bytes(bytes, kPackingBytes, first, failure);
    if (!failure.empty()) return cannot_unpack(failure);
    const Packing inner = packing_of(first);
    if (inner == Packing::Tar) return open_packed(inner, std::move(first), bytes, archives);
    if (inner != Packing::None) {
      return cannot_unpack("it holds another packed file: unpack it first, with gunzip");
    }
    add_rest(bytes, 0, std::move(first));
  }

  bool wants_member(std::string_view path) {
    if (is_packed_name(path)) packed_.emplace_back(path);
    return is_manifest_name(path);
  }

  void add_archive(Archive archive) {
    if (!archive.failure.empty()) return cannot_unpack(archive.failure);
    std::vector<std::string> paths;
    for (const ArchiveMember& member : archive.members) paths.push_back(member.path);
    for (const ArchiveOther& other : archive.others) refuse_other(other, paths);
    if (archive.members.empty() && archive.others.empty()) {
      error("no-manifests", "there is no .yaml, .yml or .json file in this archive");
    }
    const TreeSelection selection = select_files(paths);
    tell_left_out(selection, packed_, name_, *diagnostics_);
    auto member = archive.members.begin();
    for (const TreeFile& file : selection.files) {
      member = std::ranges::find(member, archive.members.end(), file.path, &ArchiveMember::path);
      add(std::move(member->bytes), fmt::format("{}!{}", name_, file.path), file.gathered,
          name_.size() + 1);
    }
  }

  /// A link to a manifest of the archive is that manifest once more.
  void refuse_other(const ArchiveOther& other, const std::vector<std::string>& members) {
    if (std::ranges::binary_search(members, other.target)) return;
    diagnostics_->push_back(
        {.place = {},
         .code = "not-a-file",
         .message =
             other.target.empty()
                 ? "a device or FIFO inside of an archive is not read"
                 : fmt::format("a link to {}, which is no manifest of this archive", other.target),
         .notes = {},
         .subject = fmt::format("{}!{}", name_, other.path)});
  }

  void add(std::string text, std::string name, std::optional<GatheredPath> gathered,
           std::size_t path_start) {
    auto loaded = load_text(std::move(name), std::move(text), *sources_, *diagnostics_);
    if (!loaded) return;
    loaded->walked = input_->walked || path_start != 0;
    loaded->named = input_->named;
    loaded->gathered = std::move(gathered);
    loaded->path_start = path_start;
    texts_.push_back(std::move(*loaded));
  }

  const InputFile* input_;
  std::string name_;
  Sources* sources_;
  Diagnostics* diagnostics_;
  UnpackLimits limits_;
  ByteTally* tally_;
  bool is_gzip_ = false;
  std::vector<std::string> packed_;  ///< members that are packed themselves
  std::vector<SourceText> texts_;
};

}  // namespace

std::optional<SourceText> load_file(const InputFile& input, Sources& sources,
                                    Diagnostics& diagnostics) {
  Loading loading{input, sources, diagnostics, {}, nullptr};
  loading.run(Archives::Refused);
  std::vector<SourceText> texts = loading.take();
  if (texts.empty()) return std::nullopt;
  return std::move(texts.front());
}

std::vector<SourceText> load_files(const InputFile& input, Sources& sources,
                                   Diagnostics& diagnostics, const UnpackLimits& limits,
                                   ByteTally* tally) {
  Loading loading{input, sources, diagnostics, limits, tally};
  loading.run(Archives::Read);
  return loading.take();
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

}  // namespace meshproof
