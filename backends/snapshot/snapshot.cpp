#include "backends/snapshot/snapshot.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "backends/snapshot/item.h"
#include "backends/snapshot/kinds.h"
#include "backends/snapshot/redaction.h"
#include "model/object.h"
#include "model/tree_json.h"

namespace meshproof {
namespace {

constexpr std::string_view kNotServed = "the server does not serve this kind";
constexpr std::string_view kProjectGroup = "project.openshift.io";

/// One snapshot while it is taken.
class Taking {
 public:
  Taking(LiveCluster& cluster, const SnapshotOptions& options, const TakeItem& take)
      : cluster_(&cluster),
        options_(&options),
        take_(&take),
        asked_(options.namespaces.begin(), options.namespaces.end()) {}

  Answer<SnapshotEnd> run() {
    auto served = cluster_->served();
    if (!served) return tl::make_unexpected(served.error());
    served_ = std::move(*served);
    if (const auto failed = introduce()) return tl::make_unexpected(*failed);
    const auto kinds = read_kinds();
    progress_.kinds = kinds.size();
    for (const ReadKind& kind : kinds) {
      progress_.kind = kind.kind;
      progress_.objects = 0;
      if (const auto failed = read_kind(kind)) return tl::make_unexpected(*failed);
      if (is_over_) break;
      ++progress_.kind_index;
    }
    return std::move(end_);
  }

 private:
  using Failure = std::optional<ClusterError>;

  /// Who asks whom, and when.
  Failure introduce() {
    Origin origin{.name = cluster_->server(),
                  .form = OriginForm::Snapshot,
                  .server = cluster_->server(),
                  .time = options_->time};
    auto user = cluster_->user();
    if (!user && user.error().shuts_out()) return user.error();
    if (user) origin.identity = std::move(*user);
    end_.coverage.origins.push_back(std::move(origin));
    return {};
  }

  void add_row(const ReadKind& kind, const std::string& ns, Listing listing) {
    end_.coverage.add({kind.full_name(), ns}, std::move(listing));
  }

  /// A group whose own server is away for the moment may have objects.
  [[nodiscard]] Listing unserved(const ReadKind& kind) const {
    const auto silent = served_.silent.find(kind.group);
    if (silent == served_.silent.end()) return {.reason = std::string{kNotServed}};
    return {.collected = Collected::Never, .reason = silent->second.message};
  }

  Failure read_kind(const ReadKind& kind) {
    const ServedKind* served = served_.find(kind.group, kind.kind);
    if (served == nullptr) {
      add_row(kind, {}, unserved(kind));
      return {};
    }
    if (kind.is_namespaced && !asked_.empty()) {
      add_row(kind, {},
              {.collected = Collected::Never,
               .reason = fmt::format("asked for only in {}", fmt::join(asked_, ", "))});
      return read_in_namespaces(kind, *served, asked_);
    }
    const auto listed = list(kind, *served, {});
    if (!listed) return listed.error();
    if (*listed == Collected::Listed || is_over_) return {};
    const bool is_denied = *listed == Collected::Denied;
    if (kind.kind == "Namespace") return is_denied ? read_visible_namespaces(kind) : Failure{};
    if (!is_denied || !kind.is_namespaced) return {};
    return read_in_namespaces(kind, *served, names_);
  }

  Failure read_in_namespaces(const ReadKind& kind, const ServedKind& served,
                             const std::vector<std::string>& namespaces) {
    for (const std::string& ns : namespaces) {
      const auto listed = list(kind, served, ns);
      if (!listed) return listed.error();
      if (is_over_) return {};
    }
    return {};
  }

  /// Lists a kind in a namespace or everywhere, and notes what became of it.
  Answer<Collected> list(const ReadKind& kind, const ServedKind& served, const std::string& ns) {
    const std::size_t before = progress_.objects;
    tell_progress();
    std::string defect;
    const auto ended =
        cluster_->list({served.api_version, served.kind, ns}, [&](std::string_view text) {
          auto item = read_item(text, served);
          if (!item) defect = "the server's answer is not JSON";
          return item && take(std::move(*item));
        });
    if (!ended && ended.error().shuts_out()) return tl::make_unexpected(ended.error());
    Listing listing{.objects = progress_.objects - before};
    if (!defect.empty()) {
      listing.reason = defect;
      listing.collected = Collected::CutOff;
    } else if (ended && !is_over_) {
      note_version(kind, ended->resource_version);
    } else if (!ended && ended.error().refusal == Refusal::NotServed) {
      listing.reason = kNotServed;
    } else if (!ended) {
      listing.reason = ended.error().message;
      listing.collected = listing.objects != 0                          ? Collected::CutOff
                          : ended.error().refusal == Refusal::Forbidden ? Collected::Denied
                                                                        : Collected::Never;
    }
    const Collected collected = listing.collected;
    // What is denied everywhere need not be said of each namespace again.
    if (ns.empty() || collected != Collected::Denied || !asked_.empty()) {
      add_row(kind, ns, std::move(listing));
    }
    return collected;
  }

  /// OpenShift lists to everybody the Projects that they may see; those that were named can be
  /// asked for one by one.
  Failure read_visible_namespaces(const ReadKind& kind) {
    if (const ServedKind* project = served_.find(kProjectGroup, "Project")) {
      const auto ended =
          cluster_->list({project->api_version, project->kind, {}}, [&](std::string_view text) {
            auto item = read_item(text, *project);
            return item && take(std::move(*item));
          });
      if (!ended && ended.error().shuts_out()) return ended.error();
    }
    for (const std::string& name : asked_) {
      if (std::ranges::find(names_, name) != names_.end()) continue;
      const auto found = cluster_->get({"", std::string{kind.kind}, "", name}, "v1");
      if (!found && found.error().shuts_out()) return found.error();
      const Tree* object = found_in(found);
      if (object == nullptr) continue;
      std::string text;
      append_json(text, *object);
      auto item = read_item(text, {"v1", std::string{kind.kind}});
      if (item) take(std::move(*item));
      if (is_over_) break;
    }
    return {};
  }

  bool take(nlohmann::ordered_json item) {
    const std::string kind = item.value("kind", "");
    if (kind == "Namespace" || kind == "Project") names_.push_back(item_name(item));
    note_cluster(item, kind);
    if (options_->redact) {
      if (kind == "Service") redaction_.add_service(item_namespace(item), item_name(item));
      redaction_.apply(item);
    }
    const std::string api_version = item.value("apiVersion", "");
    ++end_.coverage.kinds[group_and_kind(group_of(api_version), kind)];
    ++end_.coverage.objects;
    if (++progress_.objects % 500 == 0) tell_progress();
    is_over_ = !(*take_)(item_text(item));
    return !is_over_;
  }

  /// Which cluster it is, as cluster_identity() finds it.
  void note_cluster(const nlohmann::ordered_json& item, const std::string& kind) {
    const auto text = [&](const char* pointer) {
      const nlohmann::ordered_json::json_pointer at{pointer};
      return item.contains(at) && item.at(at).is_string() ? item.at(at).get<std::string>() : "";
    };
    ClusterIdentity& cluster = end_.coverage.cluster;
    const std::string name = item_name(item);
    if (kind == "Infrastructure" && name == "cluster") {
      cluster.name = text("/status/infrastructureName");
    }
    if (kind == "ClusterVersion" && name == "version") cluster.cluster_id = text("/spec/clusterID");
    if (kind == "Namespace" && name == "kube-system") {
      cluster.kube_system_uid = text("/metadata/uid");
    }
  }

  void note_version(const ReadKind& kind, const std::string& version) {
    if (version.empty()) return;
    std::string& own = end_.coverage.origins.front().resource_version;
    if (own.empty()) own = version;
    end_.resource_versions.emplace(kind.full_name(), version);
  }

  void tell_progress() const {
    if (options_->progress) options_->progress(progress_);
  }

  LiveCluster* cluster_;
  const SnapshotOptions* options_;
  const TakeItem* take_;
  std::vector<std::string> asked_;  ///< the namespaces of the options
  Served served_;
  std::vector<std::string> names_;  ///< of the namespaces that were seen
  Redaction redaction_;
  SnapshotProgress progress_;
  SnapshotEnd end_;
  bool is_over_ = false;  ///< nobody takes more
};

}  // namespace

Answer<SnapshotEnd> take_snapshot(LiveCluster& cluster, const SnapshotOptions& options,
                                  const TakeItem& take) {
  return Taking{cluster, options, take}.run();
}

}  // namespace meshproof
