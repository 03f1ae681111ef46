#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/cluster.h"
#include "model/reachability.h"
#include "solver/connection_groups.h"
#include "solver/reachability.h"
#include "solver/reacher.h"

/// How compare() looks at two states. Only its files and tests include this.
namespace meshproof {

/// An end of a comparison, as each state knows it; null where it is not there.
struct ComparedEnd {
  EndpointName name;
  const ReachEnd* before = nullptr;
  const ReachEnd* after = nullptr;
  bool may_differ = true;     ///< false: only pairs with one that may are compared
  bool is_plain = false;      ///< pairs of two such are told class by class, not asked
  bool is_told_host = false;  ///< pairs of a plain end and such are told, too

  [[nodiscard]] const ReachEnd& either() const { return before != nullptr ? *before : *after; }
};

/// The part of two states in which they may differ: see touched.h.
struct Touched {
  std::set<std::string> namespaces;
  bool hosts = true;  ///< pairs with a host or an address outside anywhere, too
};

/// The state after is that before under another network: is_under_another_network().
struct OtherNetwork {};

/// Two states, pair of ends by pair of ends. Where the state after is a what-if of the state before
/// (changed_rules()), or the same under another network, pairs of pods of the pod network are told
/// class by class. Keeps both by reference.
class Comparison {
 public:
  /// Each state is worked out by itself. `touched`: the rest is known to be alike.
  Comparison(const Cluster& before, const Cluster& after, const std::optional<Touched>& touched);
  /// The rules of these namespaces are all that differs.
  Comparison(const Cluster& before, const Cluster& after, const std::vector<NamespaceId>& changed);
  Comparison(const Cluster& before, const Cluster& after, OtherNetwork);
  Comparison(const Comparison&) = delete;
  Comparison& operator=(const Comparison&) = delete;

  /// What changed; its connections cannot be explained before it is asked to.
  [[nodiscard]] ReachabilityChange find();
  /// The reasons of one flow of a connection that was found.
  [[nodiscard]] std::vector<Reason> explain(const Connection& connection, bool is_loss);
  /// The policies by which a plain end refuses all of these plain ends, nodes or blocks in the
  /// state after; nothing if it does not, or that is not certain. O(sources × (log ends + rules)).
  [[nodiscard]] std::vector<Reason> refusal(const std::vector<EndpointName>& sources,
                                            const EndpointName& dst, const PortSet& ports);

  [[nodiscard]] Reacher& before() { return before_; }
  [[nodiscard]] Reacher& after() { return after_; }
  /// Sorted by name; ids of ends are their places.
  [[nodiscard]] const std::vector<ComparedEnd>& ends() const { return ends_; }
  /// Null if there is none. O(log ends).
  [[nodiscard]] const ComparedEnd* end_named(const EndpointName& name) const;

 private:
  /// What changed between some of the pods of two ends.
  struct Parts {
    PortSet lost;
    PortSet gained;
    bool have_common_pods = false;
  };
  /// A pod of each end, the same in both states, and what differs between them.
  struct PodPair {
    Asked src;  ///< in the state after
    Asked dst;
    PortSet lost;
    PortSet gained;
  };

  void find_ends();
  [[nodiscard]] const std::vector<EndId>& others_of(const ComparedEnd& src) const;
  void ask(EndId src, EndId dst);
  void add(EndId src, EndId dst, const EndsAnswer& was, const EndsAnswer& is);
  void visit_pod_pairs(const ComparedEnd& src, const ComparedEnd& dst,
                       const std::function<bool(const PodPair&)>& take);
  [[nodiscard]] Parts parts_of(const ComparedEnd& src, const ComparedEnd& dst);
  [[nodiscard]] std::vector<Reason> reasons(const ComparedEnd& src, const ComparedEnd& dst,
                                            const PortSet& ports, Access wanted) const;

  const ReachScope scope_;
  Reacher before_;
  Reacher after_;
  std::vector<ReachEnd> old_ends_;
  std::vector<ReachEnd> new_ends_;  ///< of a what-if none: they are the old ones
  std::vector<ComparedEnd> ends_;   ///< sorted by name
  bool by_class_ = false;
  std::vector<EndId> all_;
  std::vector<EndId> differing_;
  std::vector<EndId> not_plain_;
  std::vector<EndId> odd_;  ///< neither plain nor told hosts
  std::vector<EndId> differing_not_plain_;
  ConnectionGroups gained_;
  ConnectionGroups lost_;
  std::vector<Reachability::Undecided> undecided_;
};

/// One that tells pods class by class; null if these states do not allow it. O(size of the
/// clusters).
[[nodiscard]] std::shared_ptr<Comparison> comparison_by_class(const Cluster& before,
                                                              const Cluster& after);

/// Finds what changed; the result explains its connections by the comparison, which it keeps.
[[nodiscard]] ReachabilityChange found_by(const std::shared_ptr<Comparison>& comparison);

}  // namespace meshproof
