#include "model/mesh/multus_annotation.h"

#include <algorithm>
#include <utility>

#include "model/json_value.h"

namespace meshproof {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_alphanumeric(char c) { return ('a' <= c && c <= 'z') || ('0' <= c && c <= '9'); }

/// What Multus takes for a part of a name.
bool is_name(std::string_view text) {
  if (text.empty() || !is_alphanumeric(text.front()) || !is_alphanumeric(text.back())) return false;
  return std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// `ns/name@interface`.
std::optional<NetworkSelection> read_name(std::string_view text) {
  NetworkSelection network;
  const auto by_namespace = split(text, '/');
  if (by_namespace.size() > 2) return std::nullopt;
  if (by_namespace.size() == 2) {
    network.ns = trimmed(by_namespace.front());
    if (!is_name(network.ns)) return std::nullopt;
  }
  const auto by_interface = split(by_namespace.back(), '@');
  if (by_interface.size() > 2) return std::nullopt;
  if (by_interface.size() == 2) {
    network.interface = trimmed(by_interface.back());
    if (!is_name(network.interface)) return std::nullopt;
  }
  network.name = trimmed(by_interface.front());
  if (!is_name(network.name)) return std::nullopt;
  return network;
}

bool is_list_of_objects(const Tree& tree) {
  if (tree.is_null()) return true;
  const auto is_object = [](const Tree& item) {
    return item.is(TreeKind::Mapping) || item.is_null();
  };
  return tree.is(TreeKind::Sequence) && std::ranges::all_of(tree.items, is_object);
}

std::optional<std::vector<NetworkSelection>> read_json(std::string_view value) {
  const auto tree = parse_json(value);
  if (!tree || !is_list_of_objects(*tree)) return std::nullopt;
  std::vector<NetworkSelection> networks;
  for (const Tree& item : tree->items) {
    NetworkSelection network{std::string{item.string_at({"namespace"})},
                             std::string{item.string_at({"name"})},
                             std::string{item.string_at({"interface"})}};
    if (network.name.empty()) return std::nullopt;
    networks.push_back(std::move(network));
  }
  return networks;
}

MergedNetworks with_comma(const std::string& before, std::string_view network) {
  return {NetworksChange::Appended, before + ", " + std::string{network}};
}

MergedNetworks append_to(const std::string& before, std::string_view network, bool once) {
  const auto end = before.rfind(']');
  if (end == std::string::npos) {
    const auto is_listed = [&](std::string_view each) { return trimmed(each) == network; };
    if (once && std::ranges::any_of(split(before, ','), is_listed)) {
      return {NetworksChange::Listed, before};
    }
    return with_comma(before, network);
  }
  if (once) {
    const auto tree = parse_json(before);
    if (!tree || !is_list_of_objects(*tree)) return {NetworksChange::Unreadable, before};
    const auto is_listed = [&](const Tree& item) { return item.string_at({"name"}) == network; };
    if (std::ranges::any_of(tree->items, is_listed)) return {NetworksChange::Listed, before};
  }
  return {NetworksChange::Appended, before.substr(0, end) + ", {\"name\": \"" +
                                        std::string{network} + "\"}" + before.substr(end)};
}

}  // namespace

std::string to_string(const NetworkSelection& network) {
  return (network.ns.empty() ? "" : network.ns + '/') + network.name +
         (network.interface.empty() ? "" : '@' + network.interface);
}

std::string_view to_string(NetworksChange change) {
  switch (change) {
    case NetworksChange::None:
      return "none";
    case NetworksChange::Set:
      return "set";
    case NetworksChange::Replaced:
      return "replaced";
    case NetworksChange::Appended:
      return "appended";
    case NetworksChange::Listed:
      return "listed";
    case NetworksChange::Unreadable:
      return "unreadable";
  }
  return "";
}

std::optional<std::vector<NetworkSelection>> read_networks(std::string_view value) {
  if (value.empty()) return std::vector<NetworkSelection>{};
  if (value.find_first_of("[{\"") != std::string_view::npos) return read_json(value);
  std::vector<NetworkSelection> networks;
  for (const std::string_view text : split(value, ',')) {
    auto network = read_name(trimmed(text));
    if (!network) return std::nullopt;
    networks.push_back(std::move(*network));
  }
  return networks;
}

MergedNetworks merge_networks(const std::optional<std::string>& before, std::string_view network,
                              NetworksStyle style) {
  const std::string own{network};
  if (!before) return {NetworksChange::Set, own};
  if (style == NetworksStyle::AppendText) return with_comma(*before, network);
  if (before->empty()) return {NetworksChange::Set, own};
  if (style == NetworksStyle::Replace) {
    return {*before == own ? NetworksChange::Listed : NetworksChange::Replaced, own};
  }
  return append_to(*before, network, style == NetworksStyle::AppendOnce);
}

std::vector<NetworkSelection> lost_networks(std::string_view before, std::string_view after,
                                            std::string_view own_namespace) {
  const auto had = read_networks(before);
  const auto has = read_networks(after);
  if (!had || !has) return {};
  const auto place_of = [&](const NetworkSelection& network) {
    return std::pair{network.ns.empty() ? own_namespace : std::string_view{network.ns},
                     std::string_view{network.name}};
  };
  std::vector<NetworkSelection> lost;
  for (const NetworkSelection& network : *had) {
    const auto is_it = [&](const NetworkSelection& each) {
      return place_of(each) == place_of(network);
    };
    if (std::ranges::none_of(*has, is_it)) lost.push_back(network);
  }
  return lost;
}

}  // namespace meshproof
