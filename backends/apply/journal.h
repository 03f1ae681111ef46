#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "model/execution.h"
#include "model/execution_run.h"
#include "model/result.h"

namespace meshproof {

/// One write of a plan: of which way, in which stage, at which place in it.
struct WriteId {
  Way way = Way::There;
  std::size_t stage = 0;
  std::size_t write = 0;

  auto operator<=>(const WriteId&) const = default;
};

/// How a run ended.
enum class RunEnd : std::uint8_t {
  After,   ///< the state is the one after the plan
  Before,  ///< what was written is taken back, and that was verified
};
/// `after`, `before`.
[[nodiscard]] std::string_view to_string(RunEnd end);

/// What a journal says of its last run.
struct RunRecord {
  std::string plan;  ///< Execution::digest
  std::string run;   ///< a name of its own, the same when it is resumed
  Via via = Via::Roll;
  Way way = Way::There;
  std::size_t stage = 0;       ///< of this way, the first one that is not known to be in effect
  std::set<WriteId> intended;  ///< each may or may not have been made
  std::set<WriteId> written;   ///< a subset: surely made
  std::string because;         ///< of the way back
  std::optional<RunEnd> end;
};

/// What a run has written and is about to write, in a file of JSON lines, each on the disk before
/// what follows it is done. Room for all lines is taken at the beginning, so that a disk that fills
/// up later stops nothing half-way. While it is open no other process can open it.
class Journal {
 public:
  /// Begins a run in a new file, or after one that has ended. `run` names it, `writes` is how many
  /// there can be. Errors: `journal-unfinished` (an earlier run has not ended), `journal-busy` (a
  /// run is under way), `journal-failed` with the system's reason.
  [[nodiscard]] static Result<Journal> begin(const std::string& path, const Execution& execution,
                                             Via via, std::string run);
  /// Goes on with the last run. Errors: `journal-missing`, `journal-busy`, `journal-failed`,
  /// `journal-broken` (a line before the last one is none of ours), `journal-of-another-plan`. A
  /// last line that a crash has cut off does not count.
  [[nodiscard]] static Result<Journal> resume(const std::string& path, const Execution& execution);

  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  [[nodiscard]] const RunRecord& record() const;

  // Each says whether the line is on the disk; if it is not, nothing more may be written anywhere.
  [[nodiscard]] bool intend(const WriteId& id);
  [[nodiscard]] bool wrote(const WriteId& id, std::string_view resource_version);
  [[nodiscard]] bool in_effect(Way way, std::size_t stage);
  /// The way back begins, at this stage of it.
  [[nodiscard]] bool turn_back(std::size_t stage, std::string_view because);
  [[nodiscard]] bool end(RunEnd end);

  /// Why a line could not be written; empty otherwise.
  [[nodiscard]] const std::string& problem() const;

 private:
  class File;
  explicit Journal(std::unique_ptr<File> file);
  std::unique_ptr<File> file_;
};

}  // namespace meshproof
