#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "solver/moments/search.h"

/// Who reaches whom in the moments of a stage, pod by pod of the scene. Only the files of
/// solver/moments include this.
namespace meshproof {

/// A moment of one hop: what is seen of the projects of its ends; null for an address outside.
struct HopMoment {
  const ProjectView* from = nullptr;
  const ProjectView* to = nullptr;
  PairPortsId open = 0;
  std::size_t count = 0;  ///< of steps
};

/// The pods of all projects of a scene that was asked of all flows, and the addresses outside. What
/// is open between classes without steps is worked out when it is first asked for. Keeps the search
/// by reference.
class StageGraph {
 public:
  /// `with_maybe`: what may be open is taken to be. O(pairs of classes + tables × their views).
  StageGraph(MomentSearch& search, std::size_t stage, bool with_maybe);

  [[nodiscard]] const std::vector<FoundEnd>& pods() const { return pods_; }
  /// Pods first, then addresses outside.
  [[nodiscard]] const std::vector<FoundEnd>& ends() const { return ends_; }
  /// Why the answers are incomplete; empty if they are not.
  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }

  /// The kinds of flows between two ends that some moment has, as bits; none from a pod to itself.
  [[nodiscard]] std::uint8_t kinds(const FoundEnd& from, const FoundEnd& to);
  /// The moments that have a flow of the kind, those with the fewest steps first.
  [[nodiscard]] std::vector<HopMoment> moments(const FoundEnd& from, const FoundEnd& to,
                                               FlowKind kind);
  [[nodiscard]] FoundHop hop(const FoundEnd& from, const FoundEnd& to, FlowKind kind,
                             const HopMoment& moment);

 private:
  struct Row {
    MomentSearch::Table* table = nullptr;
    std::size_t second = 0;   ///< where the ends of the second project begin
    std::size_t outside = 0;  ///< and the addresses
    std::size_t width = 0;
    std::vector<std::size_t> pairs;   ///< by both ends; see kNone
    std::vector<std::uint8_t> kinds;  ///< by pair

    [[nodiscard]] std::size_t pair(const TableEnd& from, const TableEnd& to) const;
  };
  struct Link {
    Row* row = nullptr;
    std::size_t pair = 0;
    bool is_backwards = false;  ///< the hop comes from the second project of the table
  };

  [[nodiscard]] Link link(const FoundEnd& from, const FoundEnd& to);
  [[nodiscard]] std::unique_ptr<Row>& place_of(std::size_t one, std::size_t other, bool of_two);
  [[nodiscard]] Row* row(std::size_t one, std::size_t other, bool of_two);
  /// Of classes without steps; null: one too many.
  [[nodiscard]] MomentSearch::Table* unchanged(std::size_t one, std::size_t other, bool of_two);
  [[nodiscard]] std::uint8_t kinds_of(const MomentSearch::Table& table, std::size_t pair,
                                      PairPortsId moment);
  [[nodiscard]] std::unique_ptr<Row> filled(MomentSearch::Table& table);

  MomentSearch& search_;
  std::size_t stage_;
  bool with_maybe_;
  std::string obstacle_;
  std::vector<FoundEnd> pods_;
  std::vector<FoundEnd> ends_;
  std::vector<std::unique_ptr<Row>> own_;    ///< by class
  std::vector<std::unique_ptr<Row>> pairs_;  ///< by two classes, the lower one first
};

}  // namespace meshproof
