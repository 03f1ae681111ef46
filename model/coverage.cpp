#include "model/coverage.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <tuple>
#include <utility>

#include "model/object.h"

namespace meshproof {
namespace {

constexpr std::size_t kNamesTold = 5;

constexpr auto kDecidingKinds = std::to_array<std::string_view>({
    "Endpoints",
    "Namespace",
    "Node",
    "Pod",
    "Service",
    "config.openshift.io/Network",
    "networking.k8s.io/NetworkPolicy",
});

/// What a sentence about missing parts is made of; parts that agree in it are told together.
using Cause = std::tuple<std::string, Collected, std::string>;

std::string_view words_of(Collected collected) {
  switch (collected) {
    case Collected::Listed:
      return "listed";
    case Collected::CutOff:
      return "the list was cut off";
    case Collected::Denied:
      return "denied";
    case Collected::Never:
      return "never collected";
    case Collected::Assumed:
      break;
  }
  return "only assumed to be complete";
}

std::string sentence(const Cause& cause, const std::vector<std::string>& namespaces) {
  const auto& [kind, collected, reason] = cause;
  const std::string bare = kind.substr(kind.rfind('/') + 1);
  // config.openshift.io and operator.openshift.io both have a Network.
  std::string text = kind.empty() ? "any object" : bare == "Network" ? kind : bare;
  std::size_t told = 0;
  for (const std::string& ns : namespaces) {
    if (ns.empty() || told == kNamesTold) continue;
    text += (told++ == 0 ? " in " : ", ") + ns;
  }
  if (namespaces.size() > kNamesTold) {
    text += " and " + std::to_string(namespaces.size() - kNamesTold) + " more";
  }
  text += ": ";
  text += words_of(collected);
  return reason.empty() ? text : text + " (" + reason + ')';
}

/// Parts that are not known, gathered by cause.
class Gaps {
 public:
  explicit Gaps(const Coverage& coverage) : coverage_(&coverage) {}

  void add(const Part& part) { add(part, coverage_->find(part)); }

  void add(const Part& part, const Listing& listing) {
    if (!coverage_->lacks(listing)) return;
    causes_[{part.kind, listing.collected, listing.reason}].push_back(part.ns);
  }

  [[nodiscard]] std::vector<std::string> sentences() {
    std::vector<std::string> result;
    for (auto& [cause, namespaces] : causes_) {
      std::ranges::sort(namespaces);
      const auto repeated = std::ranges::unique(namespaces);
      namespaces.erase(repeated.begin(), repeated.end());
      result.push_back(sentence(cause, namespaces));
    }
    return result;
  }

 private:
  const Coverage* coverage_;
  std::map<Cause, std::vector<std::string>> causes_;
};

bool is_better(const Listing& one, const Listing& other) { return one.collected < other.collected; }

}  // namespace

std::string_view to_string(Collected collected) {
  switch (collected) {
    case Collected::Listed:
      return "listed";
    case Collected::CutOff:
      return "cut-off";
    case Collected::Denied:
      return "denied";
    case Collected::Never:
      return "never-collected";
    case Collected::Assumed:
      break;
  }
  return "assumed";
}

std::string_view to_string(OriginForm form) {
  switch (form) {
    case OriginForm::MustGather:
      return "must-gather";
    case OriginForm::Snapshot:
      return "snapshot";
    case OriginForm::Manifests:
      break;
  }
  return "manifests";
}

ClusterIdentity cluster_identity(const ObjectStore& objects) {
  const auto text = [&](const ObjectKey& key, std::initializer_list<std::string_view> path) {
    const Object* object = objects.find(key);
    return object == nullptr ? std::string() : std::string(object->tree->string_at(path));
  };
  return {text({"config.openshift.io", "Infrastructure", "", "cluster"},
               {"status", "infrastructureName"}),
          text({"config.openshift.io", "ClusterVersion", "", "version"}, {"spec", "clusterID"}),
          text({"", "Namespace", "", "kube-system"}, {"metadata", "uid"})};
}

void Coverage::add(Part part, Listing listing) {
  const auto [at, is_new] = listings.try_emplace(std::move(part), listing);
  if (!is_new && is_better(listing, at->second)) at->second = std::move(listing);
}

void Coverage::merge(const Coverage& other) {
  const std::size_t offset = origins.size();
  origins.insert(origins.end(), other.origins.begin(), other.origins.end());
  for (const auto& [part, listing] : other.listings) {
    Listing moved = listing;
    moved.origin += offset;
    add(part, std::move(moved));
  }
  const auto fill = [](std::string& own, const std::string& theirs) {
    if (own.empty()) own = theirs;
  };
  fill(cluster.name, other.cluster.name);
  fill(cluster.cluster_id, other.cluster.cluster_id);
  fill(cluster.kube_system_uid, other.cluster.kube_system_uid);
  assumed_empty.insert(other.assumed_empty.begin(), other.assumed_empty.end());
  created.insert(other.created.begin(), other.created.end());
  required = required || other.required;
}

bool Coverage::has_ledger() const {
  return std::ranges::any_of(
      origins, [](const Origin& origin) { return origin.form != OriginForm::Manifests; });
}

Listing Coverage::find(const Part& part) const {
  if (!part.ns.empty() && created.contains(part.ns)) return {};
  const auto told_of = [&](const Part& key) {
    const auto at = listings.find(key);
    return at == listings.end() ? nullptr : &at->second;
  };
  const Listing* told = told_of(part);
  if (const Listing* everywhere = told_of({part.kind, {}}); everywhere != nullptr) {
    // That nobody could list all of it does not take from a list of this part; that a list goes on
    // may, since it may go on here.
    const bool is_general = told != nullptr && told->collected == Collected::Assumed &&
                            everywhere->collected != Collected::Listed &&
                            everywhere->collected != Collected::CutOff;
    if (!is_general && (told == nullptr || is_better(*everywhere, *told))) told = everywhere;
  }
  if (told == nullptr) told = told_of({{}, part.ns});
  if (told == nullptr) told = told_of({});
  Listing found;
  found.collected = has_ledger() ? Collected::Never : Collected::Assumed;
  if (told != nullptr) found = *told;
  const bool is_overruled = assumed_empty.contains(part.kind) &&
                            found.collected != Collected::CutOff &&
                            found.collected != Collected::Listed;
  if (is_overruled) return {};
  return found;
}

bool Coverage::lacks(const Listing& listing) const {
  if (listing.collected == Collected::Assumed) return required;
  return listing.collected != Collected::Listed;
}

bool Coverage::is_complete() const { return missing_parts(*this).empty(); }

std::vector<std::string> missing_parts(const Coverage& coverage, const std::vector<Part>& needed) {
  if (coverage.is_silent()) return {};
  Gaps gaps{coverage};
  for (const Part& part : needed) gaps.add(part);
  return gaps.sentences();
}

std::vector<std::string> missing_parts(const Coverage& coverage) {
  Gaps gaps{coverage};
  for (const auto& [part, listing] : coverage.listings) {
    // The user's word may overrule what stands in the ledger.
    gaps.add(part, part.kind.empty() ? listing : coverage.find(part));
  }
  if (!coverage.has_ledger()) return gaps.sentences();
  for (const std::string_view kind : kDecidingKinds) {
    const auto first = coverage.listings.lower_bound({std::string{kind}, {}});
    const bool is_told = first != coverage.listings.end() && first->first.kind == kind;
    if (!is_told) gaps.add({std::string{kind}, {}});
  }
  return gaps.sentences();
}

std::span<const std::string_view> deciding_kinds() { return kDecidingKinds; }

std::string group_and_kind(std::string_view group, std::string_view kind) {
  std::string text{group};
  if (!text.empty()) text += '/';
  return text += kind;
}

}  // namespace meshproof
