#include "model/mesh/injector.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "model/mesh/metadata.h"

namespace meshproof {
namespace {

using Path = std::initializer_list<std::string_view>;

/// The first of the paths at which there is something.
const Tree* first_of(const Tree& spec, std::initializer_list<Path> paths) {
  for (const Path& path : paths) {
    const Tree* found = spec.find_path(path);
    if (found != nullptr && !found->is_null()) return found;
  }
  return nullptr;
}

/// `true` and `enabled` of either schema.
Setting<bool> switch_at(const Tree* value) {
  if (value == nullptr) return {};
  return {value->text == "true" || value->text == "enabled", value->place};
}

std::vector<Tree> items_of(const Tree* list) {
  return list == nullptr ? std::vector<Tree>{} : list->items;
}

/// The last number of `1.1.4` or `1.1.4-2`; none where the status tells nothing.
std::optional<int> patch_of(const Object& control_plane) {
  std::string_view charts = control_plane.tree->string_at({"status", "chartVersion"});
  const auto dot = charts.rfind('.');
  if (dot == std::string_view::npos || charts.find('.') == dot) return std::nullopt;
  charts.remove_prefix(dot + 1);
  int patch = 0;
  const auto [end, error] = std::from_chars(charts.data(), charts.data() + charts.size(), patch);
  if (error != std::errc{}) return std::nullopt;
  return patch;
}

NetworksStyle style_of(const Injector& injector, bool appends, std::optional<int> patch) {
  constexpr int kFirstWithJson = 5;  // 1.1.5
  if (injector.version->number > 200) return NetworksStyle::AppendOnce;
  if (injector.version->number == 200) return NetworksStyle::Append;
  if (injector.version->number < 101 || !appends) return NetworksStyle::Replace;
  return patch && *patch < kFirstWithJson ? NetworksStyle::AppendText : NetworksStyle::Append;
}

constexpr std::array<std::string_view, 6> kProfiles{"default", "maistra", "servicemesh",
                                                    "base",    "small",   "gateway-controller"};

void add_profiles(const Tree& spec, Injector& injector) {
  std::vector<std::string> names = strings_at(spec, {"profiles"});
  if (const auto one = spec.string_at({"template"}); !one.empty()) names.emplace_back(one);
  for (const std::string& name : names) {
    if (std::ranges::find(kProfiles, name) == kProfiles.end()) {
      injector.unmodelled.push_back("profile " + name + " is not read");
    }
  }
}

/// Helm values that are no fields of their own: whatever is not read of them may change everything.
void add_raw_values(const Tree& spec, Injector& injector) {
  constexpr std::array<std::string_view, 2> kRead{"objectSelector", "injectPodRedirectAnnot"};
  const Tree* raw = spec.find("techPreview");
  if (raw == nullptr) return;
  for (const std::string_view key : {"global", "istio_cni", "istiodRemote"}) {
    if (raw->find(key) == nullptr) continue;
    injector.unmodelled.push_back("spec.techPreview." + std::string{key} + " is not read");
  }
  const Tree* webhook = raw->find("sidecarInjectorWebhook");
  if (webhook == nullptr) return;
  for (const TreeField& field : webhook->fields) {
    if (std::ranges::find(kRead, field.key) != kRead.end()) continue;
    injector.unmodelled.push_back("spec.techPreview.sidecarInjectorWebhook." + field.key +
                                  " is not read");
  }
}

/// The policy of a ConfigMap's text; empty if it has none.
std::string_view policy_in(std::string_view config) {
  constexpr std::string_view kKey = "policy: ";
  while (!config.empty()) {
    const auto end = config.find('\n');
    std::string_view line = config.substr(0, end);
    if (line.starts_with(kKey)) return line.substr(kKey.size());
    if (end == std::string_view::npos) break;
    config.remove_prefix(end + 1);
  }
  return {};
}

/// Somebody may have edited what the operator made: the spec is what is followed here.
void add_config_map(const ObjectStore& objects, Injector& injector) {
  const std::string_view expected = injector.injects_by_default.value ? "enabled" : "disabled";
  for (const std::string& name :
       {std::string{"istio-sidecar-injector"}, "istio-sidecar-injector-" + injector.name}) {
    const Object* map = objects.find("ConfigMap", injector.ns, name);
    if (map == nullptr) continue;
    const auto policy = policy_in(map->tree->string_at({"data", "config"}));
    if (policy.empty() || policy == expected) continue;
    injector.unmodelled.push_back("ConfigMap " + injector.ns + '/' + name + " has policy " +
                                  std::string{policy} + ", which is not read: the spec's " +
                                  std::string{expected} + " is taken");
  }
}

void add_own_annotations(const Tree* annotations, Injector& injector) {
  if (annotations == nullptr || annotations->find(kNetworksAnnotation) == nullptr) return;
  injector.unmodelled.push_back("injectedAnnotations write " + std::string{kNetworksAnnotation} +
                                ", which is not read");
}

bool has_value(const Tree& requirement, std::string_view value) {
  const Tree* values = requirement.find("values");
  return values != nullptr &&
         std::ranges::any_of(values->items, [&](const Tree& each) { return each.text == value; });
}

/// None for a requirement that Kubernetes refuses.
std::optional<bool> holds(const Tree& requirement, const Tree* labels) {
  const auto key = requirement.string_at({"key"});
  const auto op = requirement.string_at({"operator"});
  const Tree* values = requirement.find("values");
  const bool names_values = values != nullptr && !values->items.empty();
  const Tree* label = labels == nullptr ? nullptr : labels->find(key);
  if (key.empty()) return std::nullopt;
  if (op == "Exists" || op == "DoesNotExist") {
    if (names_values) return std::nullopt;
    return (label != nullptr) == (op == "Exists");
  }
  if ((op != "In" && op != "NotIn") || !names_values) return std::nullopt;
  const bool is_in = label != nullptr && has_value(requirement, label->text);
  return is_in == (op == "In");
}

}  // namespace

std::string Injector::words() const { return ns + '/' + name + ' ' + std::string{version->name}; }

Injector read_injector(const ObjectStore& objects, const Object& control_plane,
                       const OperatorVersion& version) {
  static const Tree kNothing = Tree::mapping();
  const Tree* given = control_plane.tree->find("spec");
  const Tree& spec = given == nullptr ? kNothing : *given;
  const ControlPlane plane = read_control_plane(control_plane, version);
  Injector injector;
  injector.ns = plane.ns;
  injector.name = plane.name;
  injector.version = plane.version;
  injector.version_known = plane.version_known;
  injector.place = control_plane.place();
  if (!plane.version_known) {
    injector.unmodelled.push_back("version " + plane.version_text +
                                  " is not known: it is taken as " +
                                  std::string{plane.version->name});
  }
  injector.injects_by_default = switch_at(first_of(
      spec, {{"proxy", "injection", "autoInject"}, {"istio", "global", "proxy", "autoInject"}}));
  injector.never =
      items_of(first_of(spec, {{"proxy", "injection", "neverInjectSelector"},
                               {"istio", "sidecarInjectorWebhook", "neverInjectSelector"}}));
  injector.always =
      items_of(first_of(spec, {{"proxy", "injection", "alwaysInjectSelector"},
                               {"istio", "sidecarInjectorWebhook", "alwaysInjectSelector"}}));
  if (plane.version->number >= 200) {
    injector.selects_by_label = switch_at(
        spec.find_path({"techPreview", "sidecarInjectorWebhook", "objectSelector", "enabled"}));
  }
  if (plane.version->number >= 204) {
    injector.takes_gateways =
        switch_at(spec.find_path({"techPreview", "gatewayAPI", "controllerMode"}));
    const auto profiles = strings_at(spec, {"profiles"});
    if (std::ranges::find(profiles, "gateway-controller") != profiles.end()) {
      injector.takes_gateways = {true, spec.find("profiles")->place};
    }
  }
  const Tree* appends =
      first_of(spec, {{"istio", "sidecarInjectorWebhook", "injectPodRedirectAnnot"},
                      {"techPreview", "sidecarInjectorWebhook", "injectPodRedirectAnnot"}});
  injector.networks = style_of(injector, switch_at(appends).value, patch_of(control_plane));
  if (appends != nullptr) injector.networks_place = appends->place;
  add_profiles(spec, injector);
  add_raw_values(spec, injector);
  add_own_annotations(first_of(spec, {{"proxy", "injection", "injectedAnnotations"},
                                      {"istio", "sidecarInjectorWebhook", "injectedAnnotations"}}),
                      injector);
  add_config_map(objects, injector);
  return injector;
}

bool injector_matches(const Tree& selector, const Tree* labels) {
  bool is_empty = true;
  if (const Tree* wanted = selector.find("matchLabels")) {
    for (const TreeField& field : wanted->fields) {
      is_empty = false;
      const Tree* label = labels == nullptr ? nullptr : labels->find(field.key);
      if (label == nullptr || label->text != field.value.text) return false;
    }
  }
  if (const Tree* requirements = selector.find("matchExpressions")) {
    for (const Tree& requirement : requirements->items) {
      is_empty = false;
      if (!holds(requirement, labels).value_or(false)) return false;
    }
  }
  return !is_empty;
}

}  // namespace meshproof
