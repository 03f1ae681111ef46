#include "backends/snapshot/redaction.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "model/coverage.h"
#include "model/named_service.h"
#include "model/object.h"

namespace meshproof {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kLastApplied = "kubectl.kubernetes.io/last-applied-configuration";
constexpr std::string_view kProxy = "istio-proxy";

/// Whose annotations the mesh copies or compares, whatever they are.
constexpr auto kAnnotatedKinds = std::to_array<std::string_view>(
    {"k8s.cni.cncf.io/NetworkAttachmentDefinition", "networking.istio.io/Gateway",
     "networking.k8s.io/NetworkPolicy", "rbac.authorization.k8s.io/Role",
     "rbac.authorization.k8s.io/RoleBinding"});

/// Annotations that something reads, and the ends of their domains.
constexpr auto kReadAnnotations = std::to_array<std::string_view>(
    {"kubernetes.io/ingress.class", "openshift.io/deployment-config.name"});
constexpr auto kReadDomains =
    std::to_array<std::string_view>({"argoproj.io", "cncf.io", "fluxcd.io", "helm.sh", "istio.io",
                                     "maistra.io", "network.openshift.io", "ovn.org"});

/// Kinds whose fields are another program's settings, and what of them is told by its name.
constexpr auto kSettingsKinds = std::to_array<std::string_view>(
    {"argoproj.io/Application", "argoproj.io/ArgoCD", "jaegertracing.io/Jaeger", "kiali.io/Kiali",
     "maistra.io/ServiceMeshControlPlane", "monitoring.coreos.com/PodMonitor",
     "monitoring.coreos.com/ServiceMonitor"});
constexpr auto kSecretWords =
    std::to_array<std::string_view>({"accesskey", "apikey", "credentials", "passphrase", "passwd",
                                     "password", "privatekey", "secret", "token"});

/// Kinds that are only looked at as being there, and their fields that may say anything.
constexpr auto kCodeKinds = std::to_array<std::string_view>(
    {"extensions.istio.io/WasmPlugin", "maistra.io/ServiceMeshExtension",
     "networking.istio.io/EnvoyFilter", "argoproj.io/Application"});
constexpr auto kCodeFields = std::to_array<std::string_view>(
    {"config", "helm", "kustomize", "patch", "plugin", "pluginConfig"});

template <typename Words>
bool has_word(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_read_annotation(std::string_view key) {
  if (has_word(kReadAnnotations, key)) return true;
  const std::string_view domain = key.substr(0, key.find('/'));
  if (domain.size() == key.size()) return false;
  return std::ranges::any_of(kReadDomains, [&](std::string_view end) {
    return domain == end ||
           (domain.ends_with(end) && domain[domain.size() - end.size() - 1] == '.');
  });
}

/// `clientSecret`, `es.password`, `api-key`.
bool is_secret_name(std::string_view key) {
  std::string letters;
  for (const char each : key) {
    const auto c = static_cast<unsigned char>(each);
    if (std::isalpha(c) != 0) letters += static_cast<char>(std::tolower(c));
  }
  return std::ranges::any_of(kSecretWords,
                             [&](std::string_view word) { return letters.ends_with(word); });
}

/// Their keys are names that the user has chosen.
bool is_selector(std::string_view key) {
  return key == "labels" || key == "matchLabels" || key.ends_with("elector");
}

std::string text_of(const Json& object, std::string_view key) {
  const auto at = object.find(std::string{key});
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

void redact_strings(Json& node) {
  if (node.is_string()) node = std::string{kRedacted};
  if (!node.is_structured()) return;
  for (Json& each : node) redact_strings(each);
}

/// Keeps the lines of a text that begin with one of these words.
void keep_lines(Json& value, std::string_view beginning) {
  if (!value.is_string()) return;
  const std::string text = value.get<std::string>();
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = std::string_view{text}.substr(at, end - at);
    if (line.starts_with(beginning)) (kept += line) += '\n';
    at = end + 1;
  }
  value = kept + "# " + std::string{kRedacted} + "\n";
}

void redact_config_map(Json& object) {
  const std::string name = object.contains("metadata") ? text_of(object["metadata"], "name") : "";
  for (const char* const part : {"data", "binaryData"}) {
    const auto found = object.find(part);
    if (found == object.end() || !found->is_object()) continue;
    for (auto& [key, value] : found->items()) {
      if (name.starts_with("istio-sidecar-injector") && key == "config") {
        keep_lines(value, "policy: ");
      } else if (name != "argocd-cm" || !key.starts_with("application.")) {
        redact_strings(value);
      }
    }
  }
}

/// Goes through one object.
class Walk {
 public:
  using Services = std::set<std::pair<std::string, std::string>, std::less<>>;

  Walk(const Services& services, const Json& object)
      : services_(&services),
        ns_(object.contains("metadata") ? text_of(object["metadata"], "namespace") : ""),
        kind_(group_and_kind(group_of(text_of(object, "apiVersion")), text_of(object, "kind"))),
        has_settings_(has_word(kSettingsKinds, kind_)),
        has_code_(has_word(kCodeKinds, kind_)) {}

  void whole(Json& object) {
    if (kind_ == "ConfigMap") redact_config_map(object);
    const auto metadata = object.find("metadata");
    if (metadata != object.end() && !has_word(kAnnotatedKinds, kind_)) annotations(*metadata);
    for (auto& [key, value] : object.items()) {
      if (key != "metadata" && key != "data" && key != "binaryData") fields(value);
    }
    if (metadata != object.end()) last_applied(*metadata);
  }

 private:
  void annotations(Json& metadata) {
    const auto found = metadata.is_object() ? metadata.find("annotations") : metadata.end();
    if (found == metadata.end() || !found->is_object()) return;
    for (auto& [key, value] : found->items()) {
      if (key != kLastApplied && !is_read_annotation(key)) redact_strings(value);
    }
  }

  /// It repeats the object, and what it had in it besides.
  void last_applied(Json& metadata) {
    if (!metadata.is_object()) return;
    const auto found = metadata.find("annotations");
    if (found == metadata.end() || !found->is_object()) return;
    const auto text = found->find(std::string{kLastApplied});
    if (text == found->end() || !text->is_string()) return;
    Json sent = Json::parse(text->get<std::string>(), nullptr, false);
    if (!sent.is_object()) {
      *text = std::string{kRedacted};
      return;
    }
    whole(sent);
    *text = sent.dump(-1, ' ', false, Json::error_handler_t::replace);
  }

  void fields(Json& node) {
    if (node.is_array()) {
      for (Json& each : node) fields(each);
      return;
    }
    if (!node.is_object()) return;
    const std::string container = text_of(node, "name");
    for (auto& [key, value] : node.items()) field(key, value, container);
  }

  void field(const std::string& key, Json& value, const std::string& container) {
    const bool is_list = value.is_array();
    if (key == "env" && is_list) return variables(value, container);
    if ((key == "args" || key == "command") && is_list) return words(value, container);
    if (key == "environment" || key == "httpHeaders" || key == "volumeAttributes") {
      return values(value);
    }
    if (key == "metadata") annotations(value);
    if (key == "terminated" || key == "waiting") {
      if (value.is_object() && value.contains("message")) redact_strings(value["message"]);
      return;
    }
    if (kind_ == "route.openshift.io/Route" && key == "tls" && value.is_object()) {
      if (value.contains("key")) redact_strings(value["key"]);
      return;
    }
    if (has_code_ && has_word(kCodeFields, key)) return redact_strings(value);
    if (is_selector(key)) return;
    if (has_settings_ && value.is_string() && is_secret_name(key)) return redact_strings(value);
    fields(value);
  }

  void variables(Json& list, const std::string& container) {
    for (Json& variable : list) {
      if (!variable.is_object() || !variable.contains("value")) continue;
      const bool shows_mesh = container == kProxy && text_of(variable, "name") == "CA_ADDR";
      if (!shows_mesh) word(variable["value"]);
    }
  }

  void words(Json& list, const std::string& container) {
    constexpr std::string_view kAddress = "--discoveryAddress";
    std::string previous;
    for (Json& each : list) {
      const std::string text = each.is_string() ? each.get<std::string>() : std::string{};
      const bool shows_mesh = container == kProxy && (text == kAddress || previous == kAddress);
      if (!shows_mesh) word(each);
      previous = text;
    }
  }

  /// `[{"name", "value"}]`, or a mapping.
  static void values(Json& node) {
    if (node.is_object()) return redact_strings(node);
    if (!node.is_array()) return;
    for (Json& each : node) {
      if (each.is_object() && each.contains("value")) redact_strings(each["value"]);
    }
  }

  /// Leaves of a text the Services that it names, and that it calls istio-iptables.
  void word(Json& value) const {
    if (!value.is_string()) return;
    const std::string text = value.get<std::string>();
    std::string left{kRedacted};
    if (text.find("istio-iptables") != std::string::npos) left += " istio-iptables";
    for (const NamedService& named : named_services(text)) {
      const std::string& ns = named.ns.empty() ? ns_ : named.ns;
      if (!services_->contains({ns, named.name})) continue;
      left += ' ' + named.name + '.' + ns + ".svc";
      if (named.port != 0) left += ':' + std::to_string(named.port);
    }
    value = std::move(left);
  }

  const Services* services_;
  std::string ns_;
  std::string kind_;
  bool has_settings_;
  bool has_code_;
};

}  // namespace

void Redaction::add_service(std::string_view ns, std::string_view name) {
  services_.emplace(ns, name);
}

void Redaction::apply(Json& object) const { Walk{services_, object}.whole(object); }

}  // namespace meshproof
