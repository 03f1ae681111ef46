#include "reports/injection_report.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "reports/plan_writes.h"
#include "reports/text.h"

namespace meshproof {
namespace {

using Workloads = std::vector<const InjectionChange*>;
using Chosen = std::function<bool(const InjectionChange&)>;

struct InjectionPage {
  const Plan& plan;
  const Sources& sources;
  std::size_t width;
  bool full;
  bool one_project;  ///< names go without it
};

std::string line(const InjectionPage& page, const std::string& text) {
  return wrapped("  " + text, page.width, 6) + "\n";
}

std::string name_of(const InjectionPage& page, const WorkloadInjection& workload) {
  std::string name = workload.name;
  if (workload.kind == "Pod") name = "Pod " + name;
  if (!page.one_project) name = workload.ns + '/' + name;
  return printable(name);
}

std::string names_of(const InjectionPage& page, const Workloads& workloads) {
  constexpr std::size_t kNamed = 6;
  const std::size_t shown = page.full ? workloads.size() : std::min(workloads.size(), kNamed);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < shown; ++i) names.push_back(name_of(page, workloads[i]->after));
  std::string text = fmt::format("{}", fmt::join(names, ", "));
  if (shown < workloads.size()) text += fmt::format(" and {} more", workloads.size() - shown);
  return text;
}

Workloads chosen(const InjectionPage& page, const Chosen& is_chosen) {
  Workloads found;
  for (const InjectionChange& change : page.plan.injection.workloads) {
    if (is_chosen(change)) found.push_back(&change);
  }
  return found;
}

Workloads with_misfit(const InjectionPage& page, PodMisfit misfit) {
  return chosen(page,
                [&](const InjectionChange& change) { return change.after.count(misfit) > 0; });
}

/// ` after step 5`, where each of them waits for a step of that number.
std::string after_step(const InjectionPage& page, const Workloads& workloads) {
  std::set<std::size_t> numbers;
  for (const InjectionChange* change : workloads) {
    numbers.insert(step_number(page.plan, change->after.ns, "Namespace").value_or(0));
  }
  if (numbers.size() != 1 || *numbers.begin() == 0) return {};
  return fmt::format(" after step {}", *numbers.begin());
}

std::string of_workloads(std::size_t count) { return counted(count, "workload"); }

std::string lacking_line(const InjectionPage& page) {
  const Workloads lacking = with_misfit(page, PodMisfit::LacksSidecar);
  if (lacking.empty()) return {};
  const std::string have =
      lacking.size() == 1 ? "wants a sidecar and has" : "want a sidecar and have";
  return line(page, fmt::format("{} of {} {} none: restart {}{}", lacking.size(),
                                of_workloads(page.plan.injection.workloads.size()), have,
                                names_of(page, lacking), after_step(page, lacking)));
}

/// Workloads without a pod in the input: it is their next pods that count.
std::string coming_line(const InjectionPage& page) {
  const Workloads coming = chosen(page, [](const InjectionChange& change) {
    const bool was = change.before && change.before->injected;
    return change.after.decision.injected && !was && change.after.pods == 0;
  });
  if (coming.empty()) return {};
  return line(page, fmt::format("{} without pods in the input: what is made{} has a sidecar: {}",
                                of_workloads(coming.size()), after_step(page, coming),
                                names_of(page, coming)));
}

std::string keeping_line(const InjectionPage& page) {
  const Workloads keeping = with_misfit(page, PodMisfit::KeepsSidecar);
  if (keeping.empty()) return {};
  const auto has_left = [](const InjectionChange* change) { return change->after.mesh.empty(); };
  const bool left = std::ranges::all_of(keeping, has_left);
  return line(page, fmt::format("{} still {} a sidecar {}: restart {}{}",
                                of_workloads(keeping.size()), keeping.size() == 1 ? "has" : "have",
                                left ? "after leaving, without a control plane"
                                     : "that the next pods will not have",
                                names_of(page, keeping), after_step(page, keeping)));
}

struct MisfitRow {
  PodMisfit misfit;
  std::string_view words;
};

constexpr std::array kOtherMisfits = std::to_array<MisfitRow>({
    {PodMisfit::OtherMesh, "with a sidecar of another control plane"},
    {PodMisfit::OtherNetwork, "with the network of another version in the Multus annotation"},
    {PodMisfit::NotRedirected,
     "with a sidecar and no network of the mesh in the Multus annotation, so nothing redirects "
     "their traffic"},
    {PodMisfit::OtherVersion, "with a sidecar of another version than the control plane's"},
});

std::string misfit_lines(const InjectionPage& page) {
  std::string text;
  for (const MisfitRow& row : kOtherMisfits) {
    const Workloads workloads = with_misfit(page, row.misfit);
    if (workloads.empty()) continue;
    text += line(page, fmt::format("{} {}: restart {}", of_workloads(workloads.size()), row.words,
                                   names_of(page, workloads)));
  }
  return text;
}

std::string at(const InjectionPage& page, Place place) {
  return place.is_known() ? "   " + printable(page.sources.format(place, false)) : "";
}

/// Workloads for which one sentence is true, as one line for each sentence.
std::string by_sentence(const InjectionPage& page,
                        const std::function<std::string(const WorkloadInjection&)>& sentence,
                        const std::function<Place(const WorkloadInjection&)>& place,
                        std::string_view sign) {
  std::map<std::string, Workloads> found;
  for (const InjectionChange& change : page.plan.injection.workloads) {
    std::string text = sentence(change.after);
    if (!text.empty()) found[std::move(text)].push_back(&change);
  }
  std::string text;
  for (const auto& [words, workloads] : found) {
    text += line(
        page, fmt::format("{}{}: {}{}", sign, names_of(page, workloads), printable(words),
                          workloads.size() == 1 ? at(page, place(workloads.front()->after)) : ""));
  }
  return text;
}

Place decided_at(const WorkloadInjection& workload) { return workload.decision.where; }
Place annotated_at(const WorkloadInjection& workload) { return workload.networks.place; }

std::string refused_sentence(const WorkloadInjection& workload) {
  // Who leaves does so on purpose: what it still has is told above.
  if (!workload.is_refused() || workload.mesh.empty()) return {};
  return "asks for a sidecar and gets none: " + workload.decision.reason;
}

std::string upstream_sentence(const WorkloadInjection& workload) {
  if (!workload.only_upstream() || workload.mesh.empty()) return {};
  if (!refused_sentence(workload).empty()) return {};
  return "not injected (" + workload.decision.reason +
         "), although upstream would: " + workload.upstream.reason;
}

std::string misplaced_sentence(const WorkloadInjection& workload) {
  if (!workload.misplaced_wish) return {};
  return "asks for a sidecar in its own metadata, which does nothing: it has to stand in the pod "
         "template";
}

std::string privilege_sentence(const WorkloadInjection& workload) {
  if (workload.mesh.empty()) return {};
  std::set<std::string> parts;
  for (const HeldPrivilege& each : workload.privileges) {
    parts.insert(fmt::format("{} in container {}", to_string(each.privilege), each.container));
  }
  if (parts.empty()) return {};
  return fmt::format("holds {}: with the mesh's CNI plugin no pod of a member needs it",
                     fmt::join(parts, ", "));
}

Place privileged_at(const WorkloadInjection& workload) { return workload.privileges.front().place; }

std::string redirecting_sentence(const WorkloadInjection& workload) {
  if (workload.mesh.empty() || workload.redirecting.empty()) return {};
  const RedirectingContainer& first = workload.redirecting.front();
  return fmt::format("init container {} redirects the pod's traffic a second time ({})", first.name,
                     first.why);
}

Place redirecting_at(const WorkloadInjection& workload) {
  return workload.redirecting.front().place;
}

/// Who asks for a sidecar outside of every mesh, by the annotation that only a mesh would read.
std::string outside_line(const InjectionPage& page) {
  const Workloads outside = chosen(page, [](const InjectionChange& change) {
    return change.after.is_refused() && change.after.mesh.empty();
  });
  if (outside.empty()) return {};
  return line(page, fmt::format("{} {} for a sidecar and will be in no mesh that gives it: {}",
                                of_workloads(outside.size()), outside.size() == 1 ? "asks" : "ask",
                                names_of(page, outside)));
}

/// Where a project joins and nobody in it asks for a sidecar.
std::string nobody_line(const InjectionPage& page) {
  std::map<std::string, std::size_t> members;
  for (const InjectionChange& change : page.plan.injection.workloads) {
    if (change.after.mesh.empty()) continue;
    members[change.after.ns] += 1;
  }
  for (const InjectionChange& change : page.plan.injection.workloads) {
    if (change.after.decision.injected) members.erase(change.after.ns);
  }
  std::size_t count = 0;
  std::vector<std::string> names;
  for (const auto& [ns, workloads] : members) {
    count += workloads;
    names.push_back(printable(ns));
  }
  if (names.empty()) return {};
  const std::string where = names.size() > 4 ? counted(names.size(), "project")
                                             : fmt::format("{}", fmt::join(names, ", "));
  return line(page, fmt::format("no sidecar in {}: none of {} gets one with its next pods", where,
                                of_workloads(count)));
}

std::string whole_line(const InjectionPage& page, const InjectionChange& change) {
  const WorkloadInjection& workload = change.after;
  std::string text = fmt::format(
      "{} {}/{}: {} by {}: {}", printable(workload.kind), printable(workload.ns),
      printable(workload.name), workload.decision.injected ? "injected" : "not injected",
      to_string(workload.decision.rule), printable(workload.decision.reason));
  if (change.before && change.before->injected != workload.decision.injected) {
    text += change.before->injected ? "; injected before" : "; not injected before";
  }
  if (workload.networks.change != NetworksChange::None) {
    const std::string& before = workload.networks.before;
    text +=
        fmt::format("; networks {} → `{}`", before.empty() ? "none" : '`' + printable(before) + '`',
                    printable(workload.networks.after));
  }
  text += fmt::format("; upstream: {}", workload.upstream.injected ? "injected" : "not injected");
  if (workload.from_pod) text += "; told from a pod, for want of a template";
  return line(page, text + at(page, workload.decision.where));
}

Json restart_json(const WorkloadInjection& workload) {
  std::map<PodMisfit, std::size_t> counts;
  for (const MisfittingPod& pod : workload.misfits) ++counts[pod.misfit];
  Json why = Json::array();
  for (const auto& [misfit, count] : counts) {
    why.push_back({{"code", to_string(misfit)}, {"pods", count}});
  }
  return {{"needed", !counts.empty()}, {"why", why}};
}

Json privileges_json(const WorkloadInjection& workload, const Sources& sources) {
  Json json = Json::array();
  for (const HeldPrivilege& each : workload.privileges) {
    json.push_back({{"container", each.container},
                    {"init", each.init},
                    {"privilege", to_string(each.privilege)},
                    {"where", to_json(each.place, sources)}});
  }
  for (const RedirectingContainer& each : workload.redirecting) {
    json.push_back({{"container", each.name},
                    {"init", true},
                    {"privilege", "redirects"},
                    {"where", to_json(each.place, sources)}});
  }
  return json;
}

}  // namespace

Json pods_json(const InjectionChange& change, const Sources& sources) {
  const WorkloadInjection& workload = change.after;
  const PodNetworks& networks = workload.networks;
  return {{"namespace", workload.ns},
          {"kind", workload.kind},
          {"name", workload.name},
          {"injected", workload.decision.injected},
          {"injectedBefore", change.before ? Json(change.before->injected) : Json(nullptr)},
          {"mesh", workload.mesh},
          {"rule", to_string(workload.decision.rule)},
          {"reason", workload.decision.reason},
          {"where", to_json(workload.decision.where, sources)},
          {"asks", workload.wish.by != InjectionWish::By::Nothing},
          {"fromPod", workload.from_pod},
          {"upstream",
           {{"injected", workload.upstream.injected}, {"reason", workload.upstream.reason}}},
          {"networks",
           {{"before", networks.before},
            {"after", networks.after},
            {"change", to_string(networks.change)},
            {"lost", networks.lost},
            {"problem", networks_problem(networks)}}},
          {"hostNetwork", workload.host_network},
          {"privileges", privileges_json(workload, sources)},
          {"running", {{"pods", workload.pods}, {"sidecars", workload.sidecars}}},
          {"restart", restart_json(workload)}};
}

std::string injection_lines(const Plan& plan, const Sources& sources, std::size_t width,
                            bool full) {
  std::set<std::string> projects;
  for (const InjectionChange& change : plan.injection.workloads) projects.insert(change.after.ns);
  const InjectionPage page{plan, sources, width, full, projects.size() == 1};
  std::string text =
      lacking_line(page) + coming_line(page) + keeping_line(page) + misfit_lines(page);
  const auto problem = [](const WorkloadInjection& each) {
    return networks_problem(each.networks);
  };
  text += by_sentence(page, problem, annotated_at, "! ");
  text += by_sentence(page, refused_sentence, decided_at, "! ");
  text += by_sentence(page, upstream_sentence, decided_at, "");
  const auto own_place = [](const WorkloadInjection& each) {
    return each.misplaced_wish.value_or(Place{});
  };
  text += by_sentence(page, misplaced_sentence, own_place, "");
  text += by_sentence(page, privilege_sentence, privileged_at, "");
  text += by_sentence(page, redirecting_sentence, redirecting_at, "! ");
  text += outside_line(page) + nobody_line(page);
  for (const std::string& sentence : plan.injection.unmodelled) {
    text += line(page, "not modelled: " + printable(sentence));
  }
  if (full) {
    for (const InjectionChange& change : plan.injection.workloads) text += whole_line(page, change);
  }
  return text.empty() ? "" : "Pods\n" + text;
}

}  // namespace meshproof
