#include "scenarios/exceptions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "model/calendar.h"
#include "model/project/fields.h"
#include "scenarios/strict_fields.h"

namespace meshproof {
namespace {

constexpr std::array<std::string_view, 8> kExceptionFields{"assertion", "expires", "from",   "id",
                                                           "owner",     "reason",  "ticket", "to"};

std::optional<Group> optional_group(const Tree& tree, std::string_view key, const Groups& groups,
                                    Diagnostics& found) {
  if (is_absent(tree, key)) return std::nullopt;
  return find_group(*tree.find(key), groups, found);
}

/// Nothing but the mesh.
bool is_whole_mesh(const Group& group) {
  const bool has_more = group.member_of || group.not_member_of || !group.namespace_names.empty() ||
                        group.namespace_selector || group.pod_selector || !group.cidrs.empty();
  return group.mesh && !has_more;
}

bool can_leave_out_flows(AssertionKind kind) {
  return kind == AssertionKind::Deny || kind == AssertionKind::Allow ||
         kind == AssertionKind::Isolate;
}

std::string read_day(const Tree& tree, Diagnostics& found) {
  std::string day = required_string(tree, "expires", found);
  if (day.empty() || is_calendar_day(day)) return day;
  add_error(found, tree.find("expires")->place, "bad-date",
            fmt::format("expires is a day of the calendar, YYYY-MM-DD, not \"{}\"", day));
  return day;
}

}  // namespace

void ExceptionRegister::add_document(const Tree& document, const Groups& groups) {
  for (const Tree* tree : object_items(document, "exceptions", *found_)) {
    add_exception(*tree, groups);
  }
}

void ExceptionRegister::add_exception(const Tree& tree, const Groups& groups) {
  refuse_unknown_fields(tree, kExceptionFields, *found_);
  Exception exception;
  exception.place = tree.place;
  exception.id = required_string(tree, "id", *found_);
  exception.assertion = required_string(tree, "assertion", *found_);
  exception.owner = required_string(tree, "owner", *found_);
  exception.ticket = required_string(tree, "ticket", *found_);
  exception.reason = string_field(tree, "reason", *found_).value_or("");
  exception.expires = read_day(tree, *found_);
  exception.from = optional_group(tree, "from", groups, *found_);
  exception.to = optional_group(tree, "to", groups, *found_);
  if (!exception.id.empty()) {
    const Place place = tree.find("id")->place;
    const auto [first, is_new] = ids_.emplace(exception.id, place);
    if (!is_new) {
      add_error(*found_, place, "duplicate-id",
                fmt::format("the exception {} stands twice", exception.id));
      found_->back().notes.push_back({first->second, "first here"});
    }
  }
  const Place assertion_place =
      exception.assertion.empty() ? tree.place : tree.find("assertion")->place;
  read_.push_back({std::move(exception), assertion_place});
}

/// Without a kind: of a built-in statement.
void ExceptionRegister::check_ends(const Exception& exception, std::optional<AssertionKind> kind) {
  if (!exception.from && !exception.to) return;
  if (kind && can_leave_out_flows(*kind)) return;
  if (!kind && !exception.from && is_whole_mesh(*exception.to)) return;
  const Place place = exception.from ? exception.from->place : exception.to->place;
  add_error(*found_, place, "bad-exception",
            kind ? fmt::format("an exception of {} covers all of it: from and to narrow those of "
                               "deny, allow and isolate",
                               to_string(*kind))
                 : fmt::format("an exception of {} covers all of it, or one mesh: to: {{mesh: "
                               "NAME}}",
                               exception.assertion));
}

void ExceptionRegister::check_statement(const Read& read, const AssertionIds& assertions,
                                        std::span<const std::string_view> builtins) {
  const std::string_view id = read.exception.assertion;
  if (id.empty()) return;
  if (std::ranges::find(builtins, id) != builtins.end()) {
    return check_ends(read.exception, std::nullopt);
  }
  if (const auto found = assertions.find(id); found != assertions.end()) {
    if (found->second) check_ends(read.exception, found->second);
    return;
  }
  std::vector<std::string_view> known(builtins.begin(), builtins.end());
  for (const auto& [each, kind] : assertions) known.emplace_back(each);
  add_error(*found_, read.assertion_place, "unknown-statement",
            fmt::format("there is no assertion with the id {}{}", id, suggestion(id, known)));
}

std::vector<Exception> ExceptionRegister::take(const AssertionIds& assertions,
                                               std::span<const std::string_view> builtins,
                                               std::string_view today) {
  std::vector<Exception> in_force;
  for (Read& each : read_) {
    Exception& exception = each.exception;
    check_statement(each, assertions, builtins);
    // What is no day is told as that, and does not expire besides.
    if (exception.expires >= today || !is_calendar_day(exception.expires)) {
      in_force.push_back(std::move(exception));
      continue;
    }
    add_warning(*found_, exception.place, "expired-exception",
                fmt::format("the exception {} of {} has expired on {}, so what it covers counts "
                            "again; it is {}'s, see {}",
                            exception.id, exception.assertion, exception.expires, exception.owner,
                            exception.ticket));
  }
  return in_force;
}

}  // namespace meshproof
