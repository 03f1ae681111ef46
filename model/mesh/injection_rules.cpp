#include "model/mesh/injection_rules.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "model/mesh/mesh.h"

namespace meshproof {
namespace {

struct RuleRow {
  InjectionRule rule;
  std::string_view name;
};

constexpr std::array kRules = std::to_array<RuleRow>({
    {InjectionRule::NotAMember, "not-a-member"},
    {InjectionRule::NoControlPlane, "no-control-plane"},
    {InjectionRule::IgnoredNamespace, "ignored-namespace"},
    {InjectionRule::DisabledNamespace, "disabled-namespace"},
    {InjectionRule::IstioEnv, "istio-env"},
    {InjectionRule::IstiodPod, "istiod-pod"},
    {InjectionRule::ObjectSelector, "object-selector"},
    {InjectionRule::HostNetwork, "host-network"},
    {InjectionRule::SystemNamespace, "system-namespace"},
    {InjectionRule::InjectLabel, "inject-label"},
    {InjectionRule::InjectAnnotation, "inject-annotation"},
    {InjectionRule::NeverSelector, "never-selector"},
    {InjectionRule::AlwaysSelector, "always-selector"},
    {InjectionRule::Policy, "policy"},
});

struct SystemNamespaceRow {
  std::string_view name;
  int since;  ///< control-plane version
};

constexpr std::array kSystemNamespaces = std::to_array<SystemNamespaceRow>({
    {"kube-system", 100},
    {"kube-public", 100},
    {"kube-node-lease", 201},
    {"local-path-storage", 201},
});

constexpr std::string_view kInjection = "istio-injection";
constexpr std::string_view kRevision = "istio.io/rev";

const Tree* find_in(const Tree* mapping, std::string_view key) {
  return mapping == nullptr ? nullptr : mapping->find(key);
}

std::string quoted(std::string_view key, std::string_view value) {
  return std::string{key} + '=' + std::string{value};
}

std::string in_namespace(const PodToInject& pod, const std::string& what) {
  return "namespace " + pod.ns + " " + what;
}

using Decision = std::optional<InjectionDecision>;

Decision no(InjectionRule rule, std::string reason, Place where) {
  return InjectionDecision{false, rule, std::move(reason), where};
}

/// The webhook's objectSelector by the inject label: what the label has to be hangs on the policy.
Decision by_object_selector(const PodToInject& pod, const Injector& injector) {
  if (!injector.selects_by_label.value) return std::nullopt;
  const Tree* label = find_in(pod.labels(), kInjectKey);
  const Place where = label == nullptr ? injector.selects_by_label.place : label->place;
  if (injector.injects_by_default.value) {
    if (label == nullptr || label->text != "false") return std::nullopt;
    return no(InjectionRule::ObjectSelector,
              "the webhook's objectSelector leaves out pods with the label " +
                  quoted(kInjectKey, "false"),
              where);
  }
  if (label != nullptr && label->text == "true") return std::nullopt;
  return no(InjectionRule::ObjectSelector,
            "the webhook's objectSelector wants the label " + quoted(kInjectKey, "true"), where);
}

/// The webhook of the Gateway controller asks for no namespace.
bool is_taken_as_gateway(const PodToInject& pod, const Injector& injector) {
  if (!injector.takes_gateways.value) return false;
  const Tree* label = find_in(pod.labels(), "gateway.openshift.io/inject");
  return label != nullptr && label->text == "true";
}

/// SEMANTICS I3 to I7: what the webhook's selectors leave out.
Decision by_webhook(const PodToInject& pod, const Injector& injector) {
  if (const Tree* label = find_in(pod.ns_labels, kIgnoreNamespaceLabel)) {
    return no(InjectionRule::IgnoredNamespace,
              in_namespace(pod, "has the label " + std::string{kIgnoreNamespaceLabel}),
              label->place);
  }
  if (injector.version->number >= 200) {
    const Tree* injection = find_in(pod.ns_labels, kInjection);
    if (injection != nullptr && injection->text == "disabled") {
      return no(InjectionRule::DisabledNamespace,
                in_namespace(pod, "has the label " + quoted(kInjection, "disabled")),
                injection->place);
    }
    if (const Tree* label = find_in(pod.ns_labels, "istio-env")) {
      return no(InjectionRule::IstioEnv, in_namespace(pod, "has a label istio-env"), label->place);
    }
  }
  if (injector.version->number >= 204) {
    const Tree* app = find_in(pod.labels(), "app");
    if (app != nullptr && app->text == "istiod") {
      return no(InjectionRule::IstiodPod, "the pod has the label app=istiod", app->place);
    }
  }
  return by_object_selector(pod, injector);
}

/// The value that counts, and whether it is the label's or the annotation's.
Decision by_flag(const PodToInject& pod, const Injector& injector) {
  constexpr int kFirstWithLabel = 202;
  const Tree* label = find_in(pod.labels(), kInjectKey);
  const bool by_label = label != nullptr && injector.version->number >= kFirstWithLabel;
  const Tree* flag = by_label ? label : find_in(pod.annotations(), kInjectKey);
  if (flag == nullptr || flag->text.empty()) return std::nullopt;
  const bool yes = means_yes(flag->text);
  const auto rule = by_label ? InjectionRule::InjectLabel : InjectionRule::InjectAnnotation;
  const std::string what = by_label ? "the label " : "the annotation ";
  std::string reason = what + quoted(kInjectKey, flag->text);
  constexpr std::array<std::string_view, 4> kNo{"false", "no", "n", "off"};
  const bool plain = std::ranges::find(kNo, flag->text) != kNo.end();
  if (!yes && !plain) reason += ": only y, yes, true and on mean yes";
  return InjectionDecision{yes, rule, std::move(reason), flag->place};
}

Decision by_selectors(const PodToInject& pod, const Injector& injector) {
  const auto matches = [&](const Tree& selector) {
    return injector_matches(selector, pod.labels());
  };
  const auto never = std::ranges::find_if(injector.never, matches);
  if (never != injector.never.end()) {
    return no(InjectionRule::NeverSelector,
              "a neverInjectSelector of " + injector.words() + " matches its labels", never->place);
  }
  const auto always = std::ranges::find_if(injector.always, matches);
  if (always == injector.always.end()) return std::nullopt;
  return InjectionDecision{true, InjectionRule::AlwaysSelector,
                           "an alwaysInjectSelector of " + injector.words() + " matches its labels",
                           always->place};
}

std::string policy_reason(const PodToInject& pod, const Injector& injector) {
  if (injector.injects_by_default.value) {
    return "autoInject of " + injector.words() + " is on, and the template says nothing";
  }
  std::string reason = "the template has no annotation " + quoted(kInjectKey, "true");
  const Tree* label = find_in(pod.labels(), kInjectKey);
  if (label != nullptr && injector.version->number < 202) {
    reason += "; a label of that name counts only since v2.2";
  }
  return reason;
}

/// SEMANTICS I8 to I14: what the injector says to what the webhook sends it.
InjectionDecision by_injector(const PodToInject& pod, const Injector& injector) {
  if (pod.host_network()) {
    return *no(InjectionRule::HostNetwork, "the pod has hostNetwork",
               pod.pod->find_path({"spec", "hostNetwork"})->place);
  }
  const auto is_it = [&](const SystemNamespaceRow& row) {
    return row.name == pod.ns && row.since <= injector.version->number;
  };
  if (std::ranges::any_of(kSystemNamespaces, is_it)) {
    return *no(InjectionRule::SystemNamespace, in_namespace(pod, "is one of Kubernetes' own"),
               pod.ns_place);
  }
  if (auto decision = by_flag(pod, injector)) return *std::move(decision);
  if (auto decision = by_selectors(pod, injector)) return *std::move(decision);
  const Place where = injector.injects_by_default.place.is_known()
                          ? injector.injects_by_default.place
                          : pod.pod->place;
  return {injector.injects_by_default.value, InjectionRule::Policy, policy_reason(pod, injector),
          where};
}

UpstreamInjection upstream_webhook(const PodToInject& pod) {
  const Tree* injection = find_in(pod.ns_labels, kInjection);
  const Tree* revision = find_in(pod.ns_labels, kRevision);
  const Tree* label = find_in(pod.labels(), kInjectKey);
  if (label != nullptr && label->text == "false") {
    return {false, "the label " + quoted(kInjectKey, "false"), label->place};
  }
  if (injection != nullptr && injection->text == "enabled") {
    return {true, in_namespace(pod, "has the label " + quoted(kInjection, "enabled")),
            injection->place};
  }
  if (injection != nullptr) {
    return {false, in_namespace(pod, "has the label " + quoted(kInjection, injection->text)),
            injection->place};
  }
  if (revision != nullptr) {
    return {true, in_namespace(pod, "has the label " + quoted(kRevision, revision->text)),
            revision->place};
  }
  if (const Tree* own = find_in(pod.labels(), kRevision)) {
    return {true, "the pod has the label " + quoted(kRevision, own->text), own->place};
  }
  if (label != nullptr && label->text == "true") {
    return {true, "the pod has the label " + quoted(kInjectKey, "true"), label->place};
  }
  return {false, in_namespace(pod, "has no label istio-injection or istio.io/rev"), pod.ns_place};
}

}  // namespace

std::string_view to_string(InjectionRule rule) {
  return std::ranges::find(kRules, rule, &RuleRow::rule)->name;
}

std::vector<InjectionRule> injection_rules() {
  std::vector<InjectionRule> rules;
  for (const RuleRow& row : kRules) rules.push_back(row.rule);
  return rules;
}

bool means_yes(std::string_view value) {
  std::string lower;
  for (const char c : value) lower += 'A' <= c && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  constexpr std::array<std::string_view, 4> kYes{"y", "yes", "true", "on"};
  return std::ranges::find(kYes, lower) != kYes.end();
}

const Tree* PodToInject::labels() const { return pod->find_path({"metadata", "labels"}); }
const Tree* PodToInject::annotations() const { return pod->find_path({"metadata", "annotations"}); }
bool PodToInject::host_network() const {
  return pod->boolean_at({"spec", "hostNetwork"}).value_or(false);
}

InjectionDecision decide_injection(const PodToInject& pod, const Injector* injector) {
  const bool as_gateway = injector != nullptr && is_taken_as_gateway(pod, *injector);
  if (as_gateway) return by_injector(pod, *injector);
  const Tree* member_of = find_in(pod.ns_labels, kMemberOfLabel);
  if (member_of == nullptr) {
    return {false, InjectionRule::NotAMember,
            in_namespace(pod, "has no label " + std::string{kMemberOfLabel}), pod.ns_place};
  }
  if (injector == nullptr || member_of->text != injector->ns) {
    return {false, InjectionRule::NoControlPlane,
            in_namespace(pod, "has the label " + quoted(kMemberOfLabel, member_of->text) +
                                  ", and there is no control plane in that namespace"),
            member_of->place};
  }
  if (auto decision = by_webhook(pod, *injector)) return *std::move(decision);
  return by_injector(pod, *injector);
}

UpstreamInjection decide_upstream(const PodToInject& pod) {
  UpstreamInjection answer = upstream_webhook(pod);
  if (!answer.injected) return answer;
  if (pod.host_network()) {
    return {false, "the pod has hostNetwork", pod.pod->find_path({"spec", "hostNetwork"})->place};
  }
  if (std::ranges::find(kSystemNamespaces, pod.ns, &SystemNamespaceRow::name) !=
      kSystemNamespaces.end()) {
    return {false, in_namespace(pod, "is one of Kubernetes' own"), pod.ns_place};
  }
  const Tree* flag = find_in(pod.labels(), kInjectKey);
  const std::string_view what = flag != nullptr ? "the label " : "the annotation ";
  if (flag == nullptr) flag = find_in(pod.annotations(), kInjectKey);
  if (flag == nullptr || flag->text.empty() || means_yes(flag->text)) return answer;
  return {false, std::string{what} + quoted(kInjectKey, flag->text), flag->place};
}

InjectionWish injection_wish(const PodToInject& pod) {
  const Tree* annotation = find_in(pod.annotations(), kInjectKey);
  const Tree* label = find_in(pod.labels(), kInjectKey);
  const bool by_annotation = annotation != nullptr && means_yes(annotation->text);
  const bool by_label = label != nullptr && means_yes(label->text);
  if (by_annotation) {
    return {by_label ? InjectionWish::By::Both : InjectionWish::By::Annotation, annotation->place};
  }
  if (by_label) return {InjectionWish::By::Label, label->place};
  return {};
}

}  // namespace meshproof
