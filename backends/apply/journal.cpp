#include "backends/apply/journal.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backends/file_descriptor.h"

namespace meshproof {
namespace {

using Json = nlohmann::ordered_json;

/// The longest line but for the one that says why it turns back.
constexpr off_t kLineBytes = 512;
constexpr off_t kOtherLines = 64;

Diagnostics refusal(std::string code, std::string message, const std::string& path) {
  return {{{}, Severity::Error, std::move(code), std::move(message), {}, path}};
}

Diagnostics system_refusal(std::string_view what, const std::string& path) {
  return refusal("journal-failed",
                 fmt::format("the journal could not be {}: {}", what, std::strerror(errno)), path);
}

Json id_json(const WriteId& id) {
  return {{"way", to_string(id.way)}, {"stage", id.stage}, {"write", id.write}};
}

Way way_of(const Json& json) { return json.at("way") == "back" ? Way::Back : Way::There; }

WriteId id_of(const Json& json) {
  return {way_of(json), json.at("stage").get<std::size_t>(), json.at("write").get<std::size_t>()};
}

/// Adds a line to what is known of the run; throws what the library throws for another form.
void play(const Json& line, RunRecord& record) {
  if (line.contains("begun")) {
    const Json& begun = line.at("begun");
    record = {};
    record.plan = begun.at("plan");
    record.run = begun.at("run");
    record.via = begun.at("via") == "objects" ? Via::Objects : Via::Roll;
  } else if (line.contains("intended")) {
    record.intended.insert(id_of(line.at("intended")));
  } else if (line.contains("written")) {
    record.intended.insert(id_of(line.at("written")));
    record.written.insert(id_of(line.at("written")));
  } else if (line.contains("inEffect")) {
    record.stage = line.at("inEffect").at("stage").get<std::size_t>() + 1;
  } else if (line.contains("back")) {
    record.way = Way::Back;
    record.stage = line.at("back").at("stage");
    record.because = line.at("back").at("because");
    record.end.reset();
  } else {
    record.end = line.at("ended") == "after" ? RunEnd::After : RunEnd::Before;
  }
}

}  // namespace

std::string_view to_string(RunEnd end) { return end == RunEnd::After ? "after" : "before"; }

/// The open file, and what stands in it.
class Journal::File {
 public:
  File(FileDescriptor descriptor, std::string path)
      : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  /// Opened for this process alone.
  static Result<std::unique_ptr<File>> open(const std::string& path, int flags) {
    constexpr mode_t kMode = 0600;
    FileDescriptor descriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC | flags, kMode));
    if (!descriptor.is_open()) return tl::make_unexpected(system_refusal("opened", path));
    auto file = std::make_unique<File>(std::move(descriptor), path);
    if (::flock(file->descriptor_.get(), LOCK_EX | LOCK_NB) != 0) {
      return tl::make_unexpected(
          refusal("journal-busy", "another run with this journal is under way", path));
    }
    if (auto failure = file->read()) return tl::make_unexpected(std::move(*failure));
    return file;
  }

  /// A crash must not take the file's name away either.
  [[nodiscard]] bool keep_name() {
    const std::string folder = std::filesystem::path(path_).parent_path().string();
    const FileDescriptor opened(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some file systems cannot flush a folder.
    if (opened.is_open() && (::fsync(opened.get()) == 0 || errno == EINVAL)) return true;
    problem_ = std::strerror(errno);
    return false;
  }

  [[nodiscard]] bool reserve(std::size_t lines) {
    const off_t bytes = (static_cast<off_t>(lines) + kOtherLines) * kLineBytes;
    if (::fallocate(descriptor_.get(), FALLOC_FL_KEEP_SIZE, length_, bytes) == 0) return true;
    // Not every file system can; a full disk is told by each.
    if (errno == EOPNOTSUPP) return true;
    problem_ = std::strerror(errno);
    return false;
  }

  [[nodiscard]] bool add(const Json& line) {
    if (!problem_.empty()) return false;
    const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
    std::size_t done = 0;
    while (done < text.size()) {
      const ssize_t wrote = ::pwrite(descriptor_.get(), text.data() + done, text.size() - done,
                                     length_ + static_cast<off_t>(done));
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return fails();
      done += static_cast<std::size_t>(wrote);
    }
    if (::fdatasync(descriptor_.get()) != 0) return fails();
    length_ += static_cast<off_t>(text.size());
    play(line, record);
    return true;
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

  RunRecord record;

 private:
  bool fails() {
    problem_ = std::strerror(errno);
    // What is left of the line would make the next one unreadable.
    (void)::ftruncate(descriptor_.get(), length_);
    return false;
  }

  std::optional<Diagnostics> read() {
    std::string text;
    std::array<char, 1U << 16U> block{};
    ssize_t got = 0;
    while ((got = ::pread(descriptor_.get(), block.data(), block.size(),
                          static_cast<off_t>(text.size()))) > 0) {
      text.append(block.data(), static_cast<std::size_t>(got));
    }
    if (got < 0) return system_refusal("read", path_);
    std::size_t from = 0;
    for (std::size_t number = 1; from < text.size(); ++number) {
      const std::size_t end = text.find('\n', from);
      if (end == std::string::npos) break;
      try {
        play(Json::parse(text.substr(from, end - from)), record);
      } catch (const Json::exception&) {
        return refusal("journal-broken",
                       fmt::format("line {} is not as meshproof writes it; look at the cluster, "
                                   "and move this file away",
                                   number),
                       path_);
      }
      from = end + 1;
    }
    length_ = static_cast<off_t>(from);
    if (::ftruncate(descriptor_.get(), length_) != 0) return system_refusal("written", path_);
    return std::nullopt;
  }

  FileDescriptor descriptor_;
  std::string path_;
  off_t length_ = 0;
  std::string problem_;
};

Journal::Journal(std::unique_ptr<File> file) : file_(std::move(file)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::begin(const std::string& path, const Execution& execution, Via via,
                               std::string run) {
  Result<std::unique_ptr<File>> file = File::open(path, O_CREAT);
  if (!file) return tl::make_unexpected(std::move(file.error()));
  const RunRecord& last = (*file)->record;
  if (!last.run.empty() && !last.end) {
    return tl::make_unexpected(refusal(
        "journal-unfinished",
        "an earlier run has not ended: --resume goes on with it, --rollback takes it back", path));
  }
  std::size_t writes = 0;
  for (const auto* stages : {&execution.stages, &execution.rollback}) {
    for (const ExecutionStage& stage : *stages) writes += 2 * stage.writes.size() + 1;
  }
  const Json begun{
      {"begun",
       Json{{"plan", execution.digest}, {"run", std::move(run)}, {"via", to_string(via)}}}};
  if (!(*file)->reserve(writes) || !(*file)->keep_name() || !(*file)->add(begun)) {
    return tl::make_unexpected(
        refusal("journal-failed",
                fmt::format("the journal could not be written, so nothing else was: {}",
                            (*file)->problem()),
                path));
  }
  return Journal(std::move(*file));
}

Result<Journal> Journal::resume(const std::string& path, const Execution& execution) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0 && errno == ENOENT) {
    return tl::make_unexpected(
        refusal("journal-missing", "there is no journal of a run of this plan", path));
  }
  Result<std::unique_ptr<File>> file = File::open(path, 0);
  if (!file) return tl::make_unexpected(std::move(file.error()));
  if ((*file)->record.plan != execution.digest) {
    return tl::make_unexpected(
        refusal("journal-of-another-plan", "this is the journal of another plan", path));
  }
  return Journal(std::move(*file));
}

const RunRecord& Journal::record() const { return file_->record; }
const std::string& Journal::problem() const { return file_->problem(); }

bool Journal::intend(const WriteId& id) { return file_->add({{"intended", id_json(id)}}); }

bool Journal::wrote(const WriteId& id, std::string_view resource_version) {
  Json json = id_json(id);
  json["resourceVersion"] = resource_version;
  return file_->add({{"written", std::move(json)}});
}

bool Journal::in_effect(Way way, std::size_t stage) {
  return file_->add({{"inEffect", Json{{"way", to_string(way)}, {"stage", stage}}}});
}

bool Journal::turn_back(std::size_t stage, std::string_view because) {
  return file_->add({{"back", Json{{"stage", stage}, {"because", because}}}});
}

bool Journal::end(RunEnd end) { return file_->add({{"ended", to_string(end)}}); }

}  // namespace meshproof
