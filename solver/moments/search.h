#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "model/moments.h"
#include "solver/moments/flow_table.h"
#include "solver/moments/transition.h"
#include "solver/moments/views.h"

/// The search for bad moments among the classes of a scene. Only the files of solver/moments
/// include this.
namespace meshproof {

/// A project of the scene: the n-th that stands for its class.
struct ClassMember {
  std::size_t of_class = 0;
  std::size_t number = 0;

  auto operator<=>(const ClassMember&) const = default;
};

/// An end of a hop that was found.
struct FoundEnd {
  std::optional<ClassMember> project;  ///< none: an address outside
  std::size_t end = 0;
  bool is_second = false;  ///< the second pod of the end
};

struct FoundHop {
  FoundEnd from;
  FoundEnd to;
  PortSet ports;  ///< each of them
  bool is_open = false;
  /// What this hop sees of the stage.
  std::vector<StepReference> in_effect;
};

/// A moment that breaks a rule.
struct FoundMoment {
  MomentRule rule = MomentRule::NoBlackhole;
  std::size_t stage = 0;
  std::size_t count = 0;  ///< of steps of the stage in effect
  std::vector<ClassMember> projects;
  std::vector<FoundHop> hops;
};

/// What is known of one rule.
struct Searched {
  std::optional<FoundMoment> bad;    ///< the shortest
  std::optional<FoundMoment> maybe;  ///< only if there is no bad one: one that may be
  std::string unknown;               ///< why it is not known whether there is one; else empty
};

class MomentSearch {
 public:
  MomentSearch(const Scene& scene, const std::vector<Stage>& stages, std::size_t most_parts);

  /// Why there is no answer; empty if there is one.
  [[nodiscard]] const std::string& obstacle() const { return obstacle_; }
  /// O(pairs of classes with steps in one of them × their views × pairs of ends).
  [[nodiscard]] Searched find_pairs(MomentRule rule);
  /// O(the same + views² of each class × what comes in and goes out).
  [[nodiscard]] Searched find_pivot();
  /// Whether one stage has, or may have, open both what only the state before has and what only the
  /// state after has: without that there is no pivot, however long. O(as find_pairs()).
  [[nodiscard]] bool may_have_pivots();
  /// Paths of more than two and up to `hops` hops, the fewest hops first; of a scene that was asked
  /// of all flows. O(pairs of classes + (pods of classes)² × starts of paths).
  [[nodiscard]] Searched find_longer_pivot(std::size_t hops);

 private:
  friend class PivotSearch;
  friend class LongerPivotSearch;
  friend class StageGraph;

  struct Table {
    std::size_t one = 0;
    std::size_t other = 0;
    bool of_two = true;  ///< two different projects, perhaps of one class
    std::unique_ptr<FlowTable> flows;
    const std::vector<PairPortsId>* before = nullptr;
    const std::vector<PairPortsId>* after = nullptr;
  };

  [[nodiscard]] Table make_table(std::size_t one, std::size_t other, bool of_two);
  [[nodiscard]] ClassMember member(const Table& table, TableEnd::Of of) const;
  [[nodiscard]] FoundHop hop_of(const Table& table, std::size_t pair) const;
  [[nodiscard]] std::vector<StepReference> steps(const ClassMember& member, std::size_t stage,
                                                 const ProjectView& view) const;
  void look_at(const Table& table, MomentRule rule, Searched& found);

  const Scene& scene_;
  const std::vector<Stage>& stages_;
  std::string obstacle_;
  std::vector<ProjectViews> views_;  ///< by class
  PairPortsBook book_;
  Transitions transitions_;
  std::vector<Table> tables_;
  /// Of classes without steps, as far as they were asked for: both classes and `of_two`.
  std::map<std::tuple<std::size_t, std::size_t, bool>, Table> unchanged_;
};

}  // namespace meshproof
