#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/diagnostic.h"
#include "model/ip.h"
#include "model/port_set.h"

namespace meshproof {

/// A selector as text, before it meets a cluster's symbols.
struct SelectorText {
  struct Term {
    std::string key;
    std::string op;  ///< In, NotIn, Exists, DoesNotExist
    std::vector<std::string> values;
  };
  std::vector<Term> terms;
};

/// Which pods or addresses an assertion speaks of. All criteria given must hold.
struct Group {
  std::string name;  ///< of `groups:`, or a description of an inline group
  Place place;
  std::optional<std::string> member_of;      ///< namespaces.memberOf: a control-plane namespace
  std::optional<std::string> not_member_of;  ///< namespaces.notMemberOf
  std::optional<std::string> mesh;           ///< members and the control plane itself
  std::vector<std::string> namespace_names;  ///< ns: NAME or [NAMES]
  std::optional<SelectorText> namespace_selector;
  std::optional<SelectorText> pod_selector;
  std::vector<Cidr> cidrs;
  std::vector<Cidr> except_cidrs;
  bool except_cluster = false;  ///< except: [cluster]
  bool unbounded = false;       ///< universe: unbounded
  bool allow_empty = false;     ///< allowEmpty: true
};

enum class AssertionKind : std::uint8_t { Deny, Allow, Isolate };

/// One statement about a state. Isolate: between[i] and between[j] do not reach each other.
struct Assertion {
  std::string id;
  AssertionKind kind = AssertionKind::Deny;
  Severity severity = Severity::Error;
  Group from;
  Group to;
  std::vector<Group> between;
  std::optional<Group> except_from;
  std::optional<Group> except_to;
  PortSet ports = PortSet::all();
  Place place;
};

/// The files of --assert, and the built-in statements named there (`builtin:tenancy`).
struct Assertions {
  std::vector<Assertion> assertions;
  std::vector<std::string> builtins;
};

}  // namespace meshproof
