#include <array>
#include <utility>

#include "model/project/fields.h"
#include "model/project/policy_parts.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 3> kPeerFields{"ipBlock", "namespaceSelector",
                                                      "podSelector"};
constexpr std::array<std::string_view, 2> kBlockFields{"cidr", "except"};

/// Reads one `except` of the block; it must be a strict part of it.
std::optional<Cidr> read_except(const Tree& text, const Cidr& cidr, Diagnostics& diagnostics) {
  const auto except = parse_cidr(text, diagnostics);
  if (!except) return std::nullopt;
  if (cidr.contains(*except) && except->prefix() > cidr.prefix()) return except;
  add_error(
      diagnostics, text.place, "bad-except",
      "`except` holds `" + text.text + "`; it must be a strict part of `" + cidr.to_string() + '`');
  return std::nullopt;
}

std::optional<IpBlock> read_block(const Tree& tree, Diagnostics& diagnostics) {
  warn_of_pruned_fields(tree, kBlockFields, diagnostics);
  if (is_absent(tree, "cidr")) {
    add_error(diagnostics, tree.place, "missing-field", "the ipBlock has no `cidr`");
    return std::nullopt;
  }
  const Tree* text = field(tree, "cidr", TreeKind::String, diagnostics);
  const auto cidr = text == nullptr ? std::nullopt : parse_cidr(*text, diagnostics);
  const auto excepts = string_items(tree, "except", diagnostics);
  if (!cidr) return std::nullopt;
  IpBlock block{*cidr, {}};
  bool understood =
      is_absent(tree, "except") || tree.find("except")->items.size() == excepts.size();
  for (const auto* item : excepts) {
    const auto except = read_except(*item, *cidr, diagnostics);
    understood = understood && except.has_value();
    if (except) block.except.push_back(*except);
  }
  if (!understood) return std::nullopt;
  return block;
}

/// Reads the selector at the key into `selector`, absent or null as no selector. False when it is
/// wrong.
bool read_peer_selector(const Tree& peer, std::string_view key,
                        std::optional<LabelSelector>& selector, Projection& projection) {
  if (is_absent(peer, key)) return true;
  const Tree* tree = field(peer, key, TreeKind::Mapping, projection.diagnostics);
  if (tree != nullptr) selector = read_selector(*tree, projection);
  return selector.has_value();
}

/// Reads the ipBlock; false when it is wrong.
bool read_peer_block(const Tree& peer, std::optional<IpBlock>& block, Diagnostics& diagnostics) {
  if (is_absent(peer, "ipBlock")) return true;
  const Tree* tree = field(peer, "ipBlock", TreeKind::Mapping, diagnostics);
  if (tree != nullptr) block = read_block(*tree, diagnostics);
  return block.has_value();
}

}  // namespace

std::optional<PolicyPeer> read_peer(const Tree& tree, Projection& projection) {
  Diagnostics& diagnostics = projection.diagnostics;
  warn_of_pruned_fields(tree, kPeerFields, diagnostics);
  PolicyPeer peer;
  peer.place = tree.place;
  const bool block_understood = read_peer_block(tree, peer.block, diagnostics);
  const bool namespaces_understood =
      read_peer_selector(tree, "namespaceSelector", peer.namespaces, projection);
  const bool pods_understood = read_peer_selector(tree, "podSelector", peer.pods, projection);
  const bool has_selector =
      !is_absent(tree, "namespaceSelector") || !is_absent(tree, "podSelector");
  const bool has_block = !is_absent(tree, "ipBlock");
  if (has_block == has_selector) {
    add_error(diagnostics, tree.place, "bad-peer",
              has_block ? "the peer has an `ipBlock` and a selector; it must be one or the other"
                        : "the peer is empty; it needs a `podSelector`, a `namespaceSelector` or "
                          "an `ipBlock`");
    return std::nullopt;
  }
  if (!block_understood || !namespaces_understood || !pods_understood) return std::nullopt;
  return peer;
}

}  // namespace meshproof
