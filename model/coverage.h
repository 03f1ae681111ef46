#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meshproof {

class ObjectStore;

/// How far the objects of a kind are known (inputs.md, "Coverage: absent is not empty"). Of two
/// inputs about the same part the one that stands first here counts.
enum class Collected : std::uint8_t {
  Listed,   ///< to the end: what the input lacks is not there
  CutOff,   ///< the rest of the list was not fetched (metadata.continue)
  Denied,   ///< the API server refused to list it
  Never,    ///< an input that knows what it collected did not ask for it
  Assumed,  ///< a list or files that cannot know what they left out: taken for all there is
};
/// `listed`, `cut-off`, `denied`, `never-collected`, `assumed`.
[[nodiscard]] std::string_view to_string(Collected collected);

/// What an input is. Manifests cannot know what they left out; the others can.
enum class OriginForm : std::uint8_t { Manifests, MustGather, Snapshot };
/// `manifests`, `must-gather`, `snapshot`.
[[nodiscard]] std::string_view to_string(OriginForm form);

/// Where a part of the input came from. What is not known is empty.
struct Origin {
  std::string name = {};  ///< as it was given: a file, a directory, an archive, `-`
  OriginForm form = OriginForm::Manifests;
  std::string server = {};    ///< the API server's address
  std::string identity = {};  ///< who asked it
  std::string time = {};      ///< when, as written there
  std::string resource_version = {};

  bool operator==(const Origin&) const = default;
};

/// Which cluster it is, where the input shows it; empty where it does not.
struct ClusterIdentity {
  std::string name;             ///< Infrastructure `cluster`
  std::string cluster_id;       ///< ClusterVersion `version`
  std::string kube_system_uid;  ///< of the Namespace

  [[nodiscard]] const std::string& id() const {
    return cluster_id.empty() ? kube_system_uid : cluster_id;
  }
};

/// What the objects themselves say.
[[nodiscard]] ClusterIdentity cluster_identity(const ObjectStore& objects);

/// The objects of a kind in a namespace.
struct Part {
  std::string kind;  ///< `group/Kind` or `Kind`; empty: every namespaced kind
  std::string ns;    ///< empty: all namespaces, or a cluster-scoped kind

  auto operator<=>(const Part&) const = default;
  bool operator==(const Part&) const = default;
};

/// What became of one part.
struct Listing {
  Collected collected = Collected::Listed;
  std::size_t objects = 0;  ///< of the list; 0: listed and empty
  std::string reason = {};  ///< why not, as the input says it; may be empty
  std::size_t origin = 0;   ///< in Coverage::origins
};

/// The ledger of an input: what it is known to contain, and what it is known to lack. Plain
/// manifests say nothing about it: they are assumed complete, and every output says so.
struct Coverage {
  std::size_t files = 0;
  std::size_t objects = 0;
  std::size_t skipped_documents = 0;  ///< without apiVersion and kind
  /// Objects per kind, `group/Kind` or `Kind`; 0 for a kind that was listed and is empty.
  std::map<std::string, std::size_t> kinds;
  std::vector<Origin> origins;
  ClusterIdentity cluster;
  /// What the input tells about parts. A part that does not stand here was never collected if some
  /// origin knows what it collected, else it is assumed. `{"", ns}` with Never is a namespace that
  /// is known, but none of whose contents were collected.
  std::map<Part, Listing> listings;
  std::set<std::string> assumed_empty;  ///< --assume-empty: kinds, `group/Kind`
  /// Namespaces that a change makes: there is nothing in them but what the state after shows.
  std::set<std::string> created;
  bool required = false;  ///< --require-coverage: what is only assumed is missing

  /// Adds what an input tells about a part; of two listings the better one stays.
  void add(Part part, Listing listing);
  /// Adds another input of the same cluster. Counts of objects are left alone: the caller knows how
  /// many there are once duplicates are one.
  void merge(const Coverage& other);
  /// Some origin knows what it collected.
  [[nodiscard]] bool has_ledger() const;
  /// How far the part is known: by what is told of it, else of its kind everywhere, else of its
  /// namespace. The user's word (--assume-empty) makes it Listed, unless its list was cut off,
  /// which says itself that there is more. O(log listings).
  [[nodiscard]] Listing find(const Part& part) const;
  /// The part may hold objects that the input lacks: it is neither Listed nor, but where that is
  /// not `required`, Assumed.
  [[nodiscard]] bool lacks(const Part& part) const { return lacks(find(part)); }
  [[nodiscard]] bool lacks(const Listing& listing) const;
  /// No part can be lacking: plain manifests that tell nothing. O(origins).
  [[nodiscard]] bool is_silent() const { return listings.empty() && !required && !has_ledger(); }
  /// Nothing is known to be missing.
  [[nodiscard]] bool is_complete() const;
  /// Nothing is known to be missing, because nothing is known: plain manifests.
  [[nodiscard]] bool is_assumed() const { return !has_ledger() && is_complete(); }
};

/// `NetworkPolicy in shop, pay: denied (networkpolicies is forbidden)`: the parts among those that
/// a verdict rests on which are not known, one sentence for each kind and cause. Empty if all are
/// known. O(parts × log listings) if they name namespaces.
[[nodiscard]] std::vector<std::string> missing_parts(const Coverage& coverage,
                                                     const std::vector<Part>& needed);

/// The same for everything that could decide some verdict: what each report says is missing.
[[nodiscard]] std::vector<std::string> missing_parts(const Coverage& coverage);

/// The kinds that decide verdicts, `group/Kind`, in alphabetical order: those that an input which
/// knows what it collected should account for. Without kinds that a cluster may not serve.
[[nodiscard]] std::span<const std::string_view> deciding_kinds();

/// `networking.k8s.io/NetworkPolicy` of an apiVersion and a kind.
[[nodiscard]] std::string group_and_kind(std::string_view group, std::string_view kind);

}  // namespace meshproof
