#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
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
  /// Where the names of projects and meshes above stand; perhaps not all of them.
  std::map<std::string, Place> name_places = {};
};

/// Flows that a statement leaves out: those from `from` to `to`; an absent end is any.
struct ExceptedFlows {
  std::optional<Group> from;
  std::optional<Group> to;
};

enum class AssertionKind : std::uint8_t {
  Deny,             ///< nobody of `from` reaches anybody of `to`
  Allow,            ///< everybody of `from` reaches everybody of `to`
  Isolate,          ///< between[i] and between[j] do not reach each other, in up to `hops` hops
  OnlyVia,          ///< whatever reaches `to` from `from`, in any number of hops, passes by `via`
  Unchanged,        ///< no flow begins or stops but those that touch one of `touching`
  NoOrphans,        ///< no object of `object_kinds` is left of a mesh that its project is not in
  NoPrivilege,      ///< no pod of `in` may do what `capabilities` and `allows_host_network` say
  NoShadowedRules,  ///< no rule of a policy of `in` says what others say already
};

/// As `must:` says it: `only-via`.
[[nodiscard]] std::string_view to_string(AssertionKind kind);
/// All of them, in the order of the enumeration.
inline constexpr std::array kAssertionKinds = std::to_array<AssertionKind>({
    AssertionKind::Deny,
    AssertionKind::Allow,
    AssertionKind::Isolate,
    AssertionKind::OnlyVia,
    AssertionKind::Unchanged,
    AssertionKind::NoOrphans,
    AssertionKind::NoPrivilege,
    AssertionKind::NoShadowedRules,
});

/// States that an assertion is about, where there is a change.
enum class Moment : std::uint8_t { Before, EveryStep, After };
/// `before`, `every-step`, `after`.
[[nodiscard]] std::string_view to_string(Moment moment);

/// One statement about a state, or (Unchanged) about two. What its kind does not name is empty.
struct Assertion {
  std::string id;
  AssertionKind kind = AssertionKind::Deny;
  Severity severity = Severity::Error;
  std::string description;  ///< for people; shown beside the verdict
  /// Where there is a change; `verify` judges its one state whatever stands here. Each once,
  /// sorted.
  std::vector<Moment> when = {Moment::After};
  Group from;
  Group to;
  std::vector<Group> between;
  std::optional<Group> except_from;
  std::optional<Group> except_to;
  /// Left out beside those: by exceptions in force (Deny, Allow, Isolate). Who does not ask it
  /// finds more than there is, never less.
  std::vector<ExceptedFlows> excused;
  PortSet ports = PortSet::all();
  std::uint32_t hops = 1;                 ///< `transitive`; at least 1
  Group via;                              ///< OnlyVia
  std::vector<Group> touching;            ///< Unchanged: `except: [{touching: GROUP}]`
  std::optional<Group> in;                ///< NoPrivilege, NoShadowedRules; none: all
  std::vector<std::string> object_kinds;  ///< NoOrphans
  std::string label;                      ///< NoOrphans: `maistra.io/member-of`
  std::vector<std::string> capabilities;  ///< NoPrivilege: `NET_ADMIN`
  bool allows_host_network = false;       ///< NoPrivilege
  std::vector<std::string> allowed_init;  ///< NoPrivilege: containers that may
  Place place;
};

/// All flows that the assertion leaves out: `except`, then those of exceptions in force.
[[nodiscard]] std::vector<ExceptedFlows> excepted_flows(const Assertion& assertion);

/// An entry of the register of exceptions: violations that somebody answers for until a day.
struct Exception {
  std::string id;
  std::string assertion;  ///< an assertion's id, or a built-in statement
  std::string owner;
  std::string ticket;
  std::string reason;         ///< may be empty
  std::string expires;        ///< the last day on which it counts (model/calendar.h)
  std::optional<Group> from;  ///< only violations from there
  std::optional<Group> to;    ///< only violations to there
  Place place;
};

/// The files of --assert, and the built-in statements named there (`builtin:tenancy`).
struct Assertions {
  std::vector<Assertion> assertions;
  std::vector<std::string> builtins;
  std::vector<Exception> exceptions = {};  ///< those that have not expired
};

}  // namespace meshproof
