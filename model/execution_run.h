#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/object.h"
#include "model/tree.h"

/// How carrying out a plan (model/execution.h) went.
namespace meshproof {

/// There: from the state before to the state after. Back: what undoes it.
enum class Way : std::uint8_t { There, Back };
/// `there`, `back`.
[[nodiscard]] std::string_view to_string(Way way);

/// Something that is not as the plan says.
struct Mismatch {
  std::string what;  ///< `NetworkPolicy shop/istio-mesh-basic`, `member shop of istio-system`
  std::string how;   ///< `has another content`
  /// Of an object that somebody else has written: as planned, and as found; else nothing.
  std::optional<Tree> planned = {};
  std::optional<Tree> found = {};
};

/// What became of one stage.
struct StageRun {
  Way way = Way::There;
  std::size_t stage = 0;       ///< from 0, of this way
  std::size_t written = 0;     ///< writes made
  std::size_t present = 0;     ///< found made already
  double seconds = 0;          ///< until the effect was seen
  unsigned delay_seconds = 0;  ///< then waited for the network
  bool is_in_effect = false;
};

/// One object on which a plan rests and which is not as it was.
struct BasisChange {
  enum class Kind : std::uint8_t { Appeared, Vanished, Changed };
  Kind kind = Kind::Changed;
  ObjectKey key;
};
/// `is new`, `is gone`, `is not as it was`.
[[nodiscard]] std::string_view words_of(BasisChange::Kind kind);

/// How it ended.
enum class ExecutionEnd : std::uint8_t {
  After,    ///< the state after the plan, verified
  Before,   ///< what was written is taken back, verified
  Stopped,  ///< neither: what is left is told, and the journal goes on from there
};
/// `after`, `before`, `stopped`.
[[nodiscard]] std::string_view to_string(ExecutionEnd end);

struct ExecutionRun {
  ExecutionEnd end = ExecutionEnd::Stopped;
  bool has_written = false;                 ///< the run, now or before it was resumed
  std::vector<StageRun> stages = {};        ///< in the order in which they were gone through
  std::string because = {};                 ///< why it turned back or stopped; else empty
  std::vector<Mismatch> mismatches = {};    ///< what kept it from going on, or is left different
  std::vector<BasisChange> meanwhile = {};  ///< what others changed that the plan rests on
};

}  // namespace meshproof
