#include "backends/kube/status.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "backends/json_tree.h"
#include "backends/one_line.h"

namespace meshproof::kube {
namespace {

bool is_status(const Tree& tree) { return tree.string_at({"kind"}) == "Status"; }

/// Causes say more than the message where they name a field or a reason of their own.
std::string causes_of(const Tree& status, std::string_view message) {
  const Tree* causes = status.find_path({"details", "causes"});
  std::string text;
  if (causes == nullptr) return text;
  for (const Tree& cause : causes->items) {
    const std::string_view reason = cause.string_at({"reason"});
    const std::string_view field = cause.string_at({"field"});
    const std::string_view words = cause.string_at({"message"});
    std::string one{reason};
    if (!field.empty()) one += fmt::format("{}{}", one.empty() ? "" : " ", field);
    if (!words.empty() && message.find(words) == std::string_view::npos) {
      one += fmt::format("{}{}", one.empty() ? "" : ": ", words);
    }
    if (!one.empty()) text += fmt::format("{}{}", text.empty() ? "" : "; ", one);
  }
  return text;
}

std::string words_of(const Tree& status) {
  std::string message{status.string_at({"message"})};
  if (message.empty()) message = status.string_at({"reason"});
  const std::string causes = causes_of(status, message);
  if (!causes.empty()) message += fmt::format(" ({})", causes);
  return in_one_line(message);
}

Refusal refusal_of(int status, std::string_view reason, std::string_view message) {
  switch (status) {
    case 401:
      return Refusal::Unauthorized;
    case 403:
      return Refusal::Forbidden;
    case 404:
      return Refusal::NotServed;
    case 409:
      return reason == "AlreadyExists" ? Refusal::Exists : Refusal::Conflict;
    case 410:
      return Refusal::Gone;
    case 429:
      return Refusal::Throttled;
    default:
      break;
  }
  // An apply with a field that the schema lacks; it stays wrong, whatever its status says.
  constexpr std::string_view kNoSchema = "failed to create typed patch object";
  if (message.find(kNoSchema) != std::string_view::npos) return Refusal::Invalid;
  return status >= 500 ? Refusal::Failed : Refusal::Invalid;
}

}  // namespace

ClusterError refusal_of(const HttpResponse& response) {
  ClusterError error;
  error.status = response.status;
  error.retry_after = response.retry_after;
  const auto tree = tree_of_json(response.body);
  const bool has_status = tree && is_status(*tree);
  error.message = has_status ? words_of(*tree) : in_one_line(response.body);
  error.refusal =
      refusal_of(response.status, has_status ? tree->string_at({"reason"}) : "", error.message);
  if (response.status >= 300 && response.status < 400) {
    error.message = "the server sends us elsewhere, and redirects are not followed";
  }
  if (error.message.empty()) error.message = fmt::format("HTTP {}", response.status);
  return error;
}

ClusterError refusal_of_status(const Tree& status) {
  ClusterError error;
  error.status = static_cast<int>(status.integer_at({"code"}).value_or(0));
  error.message = words_of(status);
  error.refusal = refusal_of(error.status, status.string_at({"reason"}), error.message);
  if (error.status == 0) error.refusal = Refusal::Failed;
  return error;
}

ClusterError refusal_of(const HttpFailure& failure, bool writes) {
  ClusterError error;
  error.refusal = Refusal::Unreachable;
  error.message = in_one_line(failure.message);
  if (writes && failure.was_sent) {
    error.message += "; whether the write was carried out is not known";
  }
  return error;
}

bool is_missing_object(const HttpResponse& response, std::string_view name) {
  if (response.status != 404) return false;
  const auto tree = tree_of_json(response.body);
  if (!tree || !is_status(*tree) || tree->string_at({"reason"}) != "NotFound") return false;
  return tree->string_at({"details", "name"}) == name;
}

}  // namespace meshproof::kube
