#include "scenarios/generate/project.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "scenarios/generate/form.h"
#include "scenarios/generate/random.h"

namespace meshproof {
namespace {

constexpr auto kApplications = std::to_array<Application>({
    {"web", "frontend", "ReplicaSet", "TCP", 8080},
    {"shop", "frontend", "ReplicaSet", "TCP", 3000},
    {"admin", "frontend", "ReplicaSet", "TCP", 8443},
    {"api", "backend", "ReplicaSet", "TCP", 8080},
    {"auth", "backend", "ReplicaSet", "TCP", 8443},
    {"cart", "backend", "ReplicaSet", "TCP", 7070},
    {"catalog", "backend", "ReplicaSet", "TCP", 8000},
    {"orders", "backend", "ReplicaSet", "TCP", 8080},
    {"payment", "backend", "ReplicaSet", "TCP", 9443},
    {"search", "backend", "ReplicaSet", "TCP", 9200},
    {"shipping", "backend", "ReplicaSet", "TCP", 50051},
    {"worker", "worker", "ReplicaSet", "TCP", 9000},
    {"scheduler", "worker", "ReplicaSet", "TCP", 9010},
    {"postgres", "database", "StatefulSet", "TCP", 5432},
    {"mysql", "database", "StatefulSet", "TCP", 3306},
    {"mongo", "database", "StatefulSet", "TCP", 27017},
    {"redis", "cache", "StatefulSet", "TCP", 6379},
    {"kafka", "broker", "StatefulSet", "TCP", 9092},
    {"rabbitmq", "broker", "StatefulSet", "TCP", 5672},
    {"resolver", "network", "ReplicaSet", "UDP", 5353},
    {"syslog", "network", "ReplicaSet", "UDP", 5514},
    {"amf", "network", "ReplicaSet", "SCTP", 38412},
    {"report", "batch", "Job", "TCP", 9400},
    {"import", "batch", "Job", "TCP", 9400},
});

constexpr std::string_view kNamespaceForm = R"({"apiVersion": "v1",
 "kind": "Namespace",
 "metadata": {"name": "$name",
  "annotations": {"openshift.io/requester": "$team"},
  "creationTimestamp": "2026-01-05T08:00:00Z",
  "labels": {"env": "$env",
   "kubernetes.io/metadata.name": "$name",
   "team": "$team"$more}},
 "spec": {"finalizers": ["kubernetes"]},
 "status": {"phase": "Active"}})";

/// Replicas 1 to 3, until the project has its pods.
std::vector<Deployed> draw_applications(Random& random, const ClusterShape& shape) {
  constexpr std::array<std::string_view, 3> kVersions{"v1", "v1", "v2"};
  std::vector<Deployed> deployed;
  std::set<std::string> names;
  for (std::size_t left = shape.pods; left > 0;) {
    const Application& application = random.pick(kApplications);
    Deployed next{&application, std::string{application.name}, random.pick(kVersions), 1};
    for (std::size_t n = 2; !names.insert(next.name).second; ++n) {
      next.name = fmt::format("{}-{}", application.name, n);
    }
    if (!shape.deployments) next.pods = std::min(left, 1 + random.below(3));
    left -= next.pods;
    deployed.push_back(std::move(next));
  }
  return deployed;
}

}  // namespace

std::size_t count_teams(const ClusterShape& shape) {
  constexpr std::size_t kProjectsOfTeam = 20;
  return 3 + shape.namespaces / kProjectsOfTeam;
}

std::string team_name(std::size_t team) { return fmt::format("team-{:02}", team + 1); }

std::string project_name(std::size_t number, const ClusterShape& shape) {
  const std::size_t digits = std::max<std::size_t>(4, std::to_string(shape.namespaces).size());
  return fmt::format("project-{:0{}}", number + 1, digits);
}

GeneratedProject draw_project(std::size_t number, const ClusterShape& shape) {
  constexpr std::array<std::string_view, 4> kEnvironments{"prod", "prod", "stage", "dev"};
  constexpr std::array<std::string_view, 5> kTiers{"", "", "", "data", "edge"};
  Random random(shape.seed, number * 2);
  GeneratedProject project;
  project.number = number;
  project.name = project_name(number, shape);
  project.team = team_name(random.below(count_teams(shape)));
  project.env = random.pick(kEnvironments);
  project.tier = random.pick(kTiers);
  project.monitored = random.one_in(4);
  project.is_member = number < shape.members;
  project.applications = draw_applications(random, shape);
  return project;
}

std::string namespace_json(const GeneratedProject& project) {
  std::string more;
  if (!project.tier.empty()) more += fmt::format(",\n   \"tier\": \"{}\"", project.tier);
  if (project.monitored) more += ",\n   \"monitoring\": \"enabled\"";
  return filled(
      kNamespaceForm,
      {{"name", project.name}, {"team", project.team}, {"env", project.env}, {"more", more}});
}

}  // namespace meshproof
