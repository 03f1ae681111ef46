#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/named_service.h"
#include "model/parallel.h"
#include "model/project/owners.h"
#include "solver/uses/search.h"

/// Services named in environment variables, arguments and command lines of workloads
/// (SEMANTICS E6).
namespace meshproof {
namespace {

/// A text of a container that may name a Service.
struct Mention {
  NamedService named;
  std::string words;  ///< `env ORDERS_URL`, `args of web`
  Place place;
};

/// The mentions of one workload, each once.
struct Speaker {
  WorkloadId workload;
  std::vector<PodId> pods;  ///< one of each look
  std::vector<Mention> mentions;
};

constexpr std::array kContainerFields{Outline::Field{"name"}, Outline::Field{"env"},
                                      Outline::Field{"args"}, Outline::Field{"command"}};
constexpr Outline kContainer{kContainerFields};
constexpr std::array kPodFields{Outline::Field{"containers", &kContainer},
                                Outline::Field{"initContainers", &kContainer}};
constexpr Outline kPodSpec{kPodFields};
constexpr std::array kPodParts{Outline::Field{"spec", &kPodSpec}};
constexpr Outline kPod{kPodParts};

/// Labels that every pod of a workload has a value of its own for.
constexpr std::array<std::string_view, 4> kOwnLabels{
    "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
    "batch.kubernetes.io/job-completion-index", "batch.kubernetes.io/job-name"};

/// Pods of one workload were made of several templates if their labels differ.
std::vector<PodId> one_of_each_look(const Cluster& cluster, const Workload& workload,
                                    const std::vector<Symbol>& own_labels) {
  std::vector<PodId> pods;
  std::set<std::vector<Label>> looks;
  for (const PodId id : workload.pods) {
    if (cluster.at(id).is_completed()) continue;
    std::vector<Label> look = cluster.at(id).labels.all();
    std::erase_if(look, [&](const Label& label) {
      return std::ranges::find(own_labels, label.key) != own_labels.end();
    });
    if (looks.insert(std::move(look)).second) pods.push_back(id);
  }
  return pods;
}

class Reading {
 public:
  explicit Reading(const Snapshot& snapshot) : snapshot_(snapshot) {}

  void read(Speaker& speaker) const {
    for (const PodId pod : speaker.pods) read_pod(pod, speaker.mentions);
  }

 private:
  void read_pod(PodId id, std::vector<Mention>& mentions) const;
  void read_spec(const Tree& spec, std::vector<Mention>& mentions) const;
  void read_container(const Tree& container, std::vector<Mention>& mentions) const;
  static void add(const Tree& text, const std::string& words, std::vector<Mention>& mentions);

  const Snapshot& snapshot_;
};

void Reading::read_pod(PodId id, std::vector<Mention>& mentions) const {
  const Cluster& cluster = snapshot_.cluster;
  const Pod& pod = cluster.at(id);
  const std::string& ns = cluster.at(pod.ns).name;
  const std::size_t slash = pod.stand_in ? pod.name.find('/') : std::string::npos;
  const bool is_template = slash != std::string::npos;
  const std::string kind = is_template ? pod.name.substr(0, slash) : "Pod";
  const Object* object =
      snapshot_.objects.find(kind, ns, is_template ? pod.name.substr(slash + 1) : pod.name);
  if (object == nullptr) return;
  const std::shared_ptr<const Tree> tree = object->tree.read(is_template ? nullptr : &kPod);
  const Tree* holder = is_template ? pod_template(kind, *tree) : tree.get();
  const Tree* spec = holder == nullptr ? nullptr : holder->find("spec");
  if (spec != nullptr) read_spec(*spec, mentions);
}

void Reading::read_spec(const Tree& spec, std::vector<Mention>& mentions) const {
  for (const std::string_view list : {"containers", "initContainers"}) {
    const Tree* containers = spec.find(list);
    if (containers == nullptr) continue;
    for (const Tree& container : containers->items) read_container(container, mentions);
  }
}

void Reading::read_container(const Tree& container, std::vector<Mention>& mentions) const {
  if (const Tree* variables = container.find("env")) {
    for (const Tree& variable : variables->items) {
      const Tree* value = variable.find("value");
      if (value == nullptr) continue;
      add(*value, "env " + std::string(variable.string_at({"name"})), mentions);
    }
  }
  const std::string of = " of container " + std::string(container.string_at({"name"}));
  for (const std::string_view list : {"args", "command"}) {
    const Tree* words = container.find(list);
    if (words == nullptr) continue;
    for (const Tree& word : words->items) add(word, std::string(list) + of, mentions);
  }
}

void Reading::add(const Tree& text, const std::string& words, std::vector<Mention>& mentions) {
  if (!text.is(TreeKind::String)) return;
  for (NamedService& named : named_services(text.text)) {
    const auto is_known = [&](const Mention& one) {
      return one.named == named && one.words == words;
    };
    if (std::ranges::any_of(mentions, is_known)) continue;
    mentions.push_back({std::move(named), words, text.place});
  }
}

std::vector<Speaker> speakers(const Snapshot& snapshot) {
  const Cluster& cluster = snapshot.cluster;
  std::vector<Symbol> own_labels;
  for (const std::string_view key : kOwnLabels) own_labels.push_back(cluster.symbols.find(key));
  std::vector<Speaker> result;
  for (std::uint32_t i = 0; i < cluster.workloads.size(); ++i) {
    std::vector<PodId> pods = one_of_each_look(cluster, cluster.workloads[i], own_labels);
    if (!pods.empty()) result.push_back({{i}, std::move(pods), {}});
  }
  return result;
}

/// Reads the pods side by side: most objects of a large dump are pods.
void read_all(const Snapshot& snapshot, std::vector<Speaker>& speakers) {
  constexpr std::size_t kPart = 256;
  const Reading reading(snapshot);
  run_parallel((speakers.size() + kPart - 1) / kPart, [&](std::size_t part) {
    const std::size_t end = std::min(speakers.size(), (part + 1) * kPart);
    for (std::size_t i = part * kPart; i < end; ++i) reading.read(speakers[i]);
  });
}

}  // namespace

void find_in_environments(UseSearch& search) {
  const Cluster& cluster = search.cluster;
  std::vector<Speaker> all = speakers(search.snapshot);
  read_all(search.snapshot, all);
  for (const Speaker& speaker : all) {
    if (speaker.mentions.empty()) continue;
    const Workload& workload = cluster.at(speaker.workload);
    const std::string& ns = cluster.at(workload.ns).name;
    const SharedPods pods = search.live(workload.pods);
    for (const Mention& mention : speaker.mentions) {
      const NamedService& named = mention.named;
      const ServiceId service = search.service(named.ns.empty() ? ns : named.ns, named.name);
      Use use;
      use.signs = {{UseEvidence::Environment,
                    {{}, workload.kind, ns, workload.name},
                    mention.words,
                    mention.place}};
      use.pods = pods;
      use.targets = search.behind(service, {named.port, {}});
      search.add(std::move(use));
    }
  }
}

}  // namespace meshproof
