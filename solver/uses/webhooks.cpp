#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "solver/uses/search.h"

/// Webhooks, aggregated APIs and conversions: kube-apiserver → the pods of the Service that
/// `clientConfig.service` names (SEMANTICS E5).
namespace meshproof {
namespace {

constexpr std::array<std::string_view, 2> kControlPlaneRoles{
    "node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master"};
constexpr std::string_view kNoNode =
    "the input has no node labelled node-role.kubernetes.io/control-plane, where kube-apiserver "
    "would run";
constexpr std::uint16_t kHttps = 443;

std::vector<NodeId> control_plane_nodes(const Cluster& cluster) {
  std::vector<NodeId> nodes;
  for (std::uint32_t i = 0; i < cluster.nodes.size(); ++i) {
    const Labels& labels = cluster.nodes[i].labels;
    const bool is_one = std::ranges::any_of(kControlPlaneRoles, [&](std::string_view role) {
      return labels.find(cluster.symbols.find(role)).is_valid();
    });
    if (is_one) nodes.push_back({i});
  }
  return nodes;
}

/// Adds calls of kube-apiserver to Services.
class Calls {
 public:
  explicit Calls(UseSearch& search)
      : search_(search), nodes_(control_plane_nodes(search.cluster)) {}

  void add(const Tree* service, UseSign sign) {
    if (service == nullptr) return;
    const auto port = service->integer_at({"port"}).value_or(kHttps);
    if (port <= 0 || port > 65535) return;
    Use use;
    use.signs = {std::move(sign)};
    use.source = "kube-apiserver";
    use.nodes = nodes_;
    use.targets = search_.behind(
        search_.service(service->string_at({"namespace"}), service->string_at({"name"})),
        {static_cast<std::uint16_t>(port), {}});
    search_.add(std::move(use), std::string(kNoNode));
  }

 private:
  UseSearch& search_;
  const std::vector<NodeId> nodes_;
};

/// `creates, updates`: what the webhook is asked about.
std::string operations_of(const Tree& webhook) {
  struct Row {
    std::string_view operation;
    std::string_view words;
  };
  constexpr std::array kRows{Row{"CREATE", "creates"}, Row{"UPDATE", "updates"},
                             Row{"DELETE", "deletes"}, Row{"CONNECT", "connects"}};
  std::vector<std::string_view> asked;
  if (const Tree* rules = webhook.find("rules")) {
    for (const Tree& rule : rules->items) {
      const Tree* operations = rule.find("operations");
      if (operations == nullptr) continue;
      for (const Tree& each : operations->items) asked.push_back(each.text);
    }
  }
  std::string words;
  for (const Row& row : kRows) {
    if (std::ranges::find(asked, row.operation) == asked.end()) continue;
    words += (words.empty() ? "" : ", ") + std::string(row.words);
  }
  const bool is_any = words.empty() || std::ranges::find(asked, "*") != asked.end();
  return is_any ? "requests" : words;
}

/// What happens to requests that the webhook is asked about and that it does not answer.
std::string policy_words(const Object& object, const Tree& webhook) {
  std::string policy(webhook.string_at({"failurePolicy"}));
  if (policy.empty()) policy = object.api_version().ends_with("/v1") ? "Fail" : "Ignore";
  if (policy != "Fail") return ", failurePolicy " + policy + ": goes unasked";
  return ", failurePolicy Fail: " + operations_of(webhook) + " will FAIL";
}

void add_configuration(const Object& object, std::string_view word, Calls& calls) {
  const Tree* webhooks = object.tree->find("webhooks");
  if (webhooks == nullptr) return;
  for (const Tree& webhook : webhooks->items) {
    std::string words = std::string(word) + ' ' + object.key.name;
    words += policy_words(object, webhook);
    calls.add(webhook.find_path({"clientConfig", "service"}),
              {UseEvidence::Webhook, object.key, std::move(words), webhook.place});
  }
}

void add_conversion(const Object& definition, Calls& calls) {
  static constexpr std::array kConversion{Outline::Field{"conversion"}};
  static constexpr Outline kSpec{kConversion};
  static constexpr std::array kParts{Outline::Field{"spec", &kSpec}};
  static constexpr Outline kOutline{kParts};
  const std::shared_ptr<const Tree> tree = definition.tree.read(&kOutline);
  const Tree* conversion = tree->find_path({"spec", "conversion"});
  if (conversion == nullptr || conversion->string_at({"strategy"}) != "Webhook") return;
  const Tree* service = conversion->find_path({"webhook", "clientConfig", "service"});
  if (service == nullptr) service = conversion->find_path({"webhookClientConfig", "service"});
  calls.add(service, {UseEvidence::Webhook, definition.key,
                      "conversion webhook of " + definition.key.name, definition.place()});
}

void add_api_service(const Object& object, Calls& calls) {
  calls.add(object.tree->find_path({"spec", "service"}),
            {UseEvidence::ApiService, object.key, to_string(object.key), object.place()});
}

}  // namespace

void find_called_by_api_server(UseSearch& search) {
  Calls calls(search);
  const ObjectStore& objects = search.snapshot.objects;
  for (const Object* each : objects.of_kind("ValidatingWebhookConfiguration")) {
    add_configuration(*each, "ValidatingWebhook", calls);
  }
  for (const Object* each : objects.of_kind("MutatingWebhookConfiguration")) {
    add_configuration(*each, "MutatingWebhook", calls);
  }
  for (const Object* each : objects.of_kind("CustomResourceDefinition")) {
    add_conversion(*each, calls);
  }
  for (const Object* each : objects.of_kind("APIService")) add_api_service(*each, calls);
}

}  // namespace meshproof
