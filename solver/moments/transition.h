#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <tuple>

#include "model/moments.h"
#include "solver/moments/flow_table.h"

/// What becomes of the flows between two ends in a moment. Only the files of solver/moments include
/// this.
namespace meshproof {

/// A flow by the states that have it.
enum class FlowKind : std::uint8_t { Neither, OnlyAfter, OnlyBefore, Both };
inline constexpr std::size_t kFlowKinds = 4;

/// Kinds of flows that are open in a moment, as bits; and what breaks the rules about pairs.
struct Transition {
  std::uint8_t open = 0;        ///< of FlowKind
  std::uint8_t maybe_open = 0;  ///< that may be, or whose kind is not known
  bool blackhole = false;
  bool breach = false;
  bool maybe_blackhole = false;
  bool maybe_breach = false;
};

/// Whether two hops of these kinds are a path that neither state has although some state has each
/// of both (SEMANTICS W8).
[[nodiscard]] constexpr bool is_new_path(FlowKind one, FlowKind other) {
  return (one == FlowKind::OnlyAfter && other == FlowKind::OnlyBefore) ||
         (one == FlowKind::OnlyBefore && other == FlowKind::OnlyAfter);
}

/// Works transitions out, each once. Keeps the book by reference.
class Transitions {
 public:
  explicit Transitions(const PairPortsBook& book) : book_(book) {}

  [[nodiscard]] const Transition& of(PairPortsId before, PairPortsId after, PairPortsId moment);
  /// The ports of the kind that are open in the moment, or closed if `open` is false.
  [[nodiscard]] PortSet ports(PairPortsId before, PairPortsId after, PairPortsId moment,
                              FlowKind kind, bool open) const;

 private:
  const PairPortsBook& book_;
  std::map<std::tuple<PairPortsId, PairPortsId, PairPortsId>, Transition> known_;
};

}  // namespace meshproof
