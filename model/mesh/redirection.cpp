#include "model/mesh/redirection.h"

#include <algorithm>
#include <array>
#include <optional>

namespace meshproof {
namespace {

struct ListRow {
  std::string_view field;
  bool init;
};

constexpr std::array kLists = std::to_array<ListRow>(
    {{"initContainers", true}, {"containers", false}, {"ephemeralContainers", false}});

constexpr std::string_view kPrivileged = "privileged";

std::optional<Privilege> privilege_of(std::string_view right) {
  for (const auto privilege : {Privilege::NetAdmin, Privilege::NetRaw, Privilege::AllCapabilities,
                               Privilege::Privileged}) {
    if (right == to_string(privilege)) return privilege;
  }
  return std::nullopt;
}

/// `proxyv2` of `quay.io/maistra/proxyv2-ubi8:2.5`, without tag and digest.
std::string_view image_name(std::string_view image) {
  image = image.substr(0, image.find('@'));
  if (const auto slash = image.rfind('/'); slash != std::string_view::npos) {
    image.remove_prefix(slash + 1);
  }
  return image.substr(0, image.find(':'));
}

constexpr std::string_view kProgram = "istio-iptables";

bool calls_iptables(const Tree& container) {
  for (const std::string_view field : {"command", "args"}) {
    const Tree* words = container.find(field);
    if (words == nullptr) continue;
    const auto names_it = [](const Tree& word) {
      return word.text.find(kProgram) != std::string::npos;
    };
    if (std::ranges::any_of(words->items, names_it)) return true;
  }
  return false;
}

std::string why_it_redirects(const Tree& container) {
  const auto name = container.string_at({"name"});
  if (name == "istio-validation") return {};
  if (name == "istio-init" || name == "proxy-init") return "it is called " + std::string{name};
  const auto image = image_name(container.string_at({"image"}));
  if (image.starts_with("proxy_init") || image.starts_with("proxy-init")) {
    return "its image is " + std::string{image};
  }
  return calls_iptables(container) ? "it calls istio-iptables" : "";
}

}  // namespace

std::string_view to_string(Privilege privilege) {
  switch (privilege) {
    case Privilege::NetAdmin:
      return "NET_ADMIN";
    case Privilege::NetRaw:
      return "NET_RAW";
    case Privilege::AllCapabilities:
      return "ALL";
    case Privilege::Privileged:
      return kPrivileged;
  }
  return "";
}

std::string capability_name(std::string_view capability) {
  std::string name;
  for (const char c : capability) {
    name += 'a' <= c && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  if (name.starts_with("CAP_")) name.erase(0, 4);
  return name;
}

std::vector<AddedRight> added_rights(const Tree& spec) {
  std::vector<AddedRight> rights;
  for (const ListRow& list : kLists) {
    const Tree* containers = spec.find(list.field);
    if (containers == nullptr) continue;
    for (const Tree& container : containers->items) {
      const std::string name{container.string_at({"name"})};
      const Tree* privileged = container.find_path({"securityContext", "privileged"});
      if (privileged != nullptr && privileged->text == "true") {
        rights.push_back({name, list.init, std::string{kPrivileged}, privileged->place});
      }
      const Tree* added = container.find_path({"securityContext", "capabilities", "add"});
      if (added == nullptr) continue;
      for (const Tree& capability : added->items) {
        rights.push_back({name, list.init, capability_name(capability.text), capability.place});
      }
    }
  }
  return rights;
}

std::vector<HeldPrivilege> held_privileges(const Tree& spec) {
  std::vector<HeldPrivilege> held;
  for (AddedRight& right : added_rights(spec)) {
    const auto privilege = privilege_of(right.name);
    if (privilege)
      held.push_back({std::move(right.container), right.init, *privilege, right.place});
  }
  return held;
}

std::vector<RedirectingContainer> redirecting_containers(const Tree& spec) {
  std::vector<RedirectingContainer> found;
  const Tree* containers = spec.find("initContainers");
  if (containers == nullptr) return found;
  for (const Tree& container : containers->items) {
    std::string why = why_it_redirects(container);
    if (why.empty()) continue;
    found.push_back({std::string{container.string_at({"name"})}, std::move(why), container.place});
  }
  return found;
}

}  // namespace meshproof
