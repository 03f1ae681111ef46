#include "backends/oc/answer.h"

#include <algorithm>
#include <array>
#include <string>

#include <nlohmann/json.hpp>

namespace meshproof::oc {
namespace {

using Json = nlohmann::ordered_json;

struct ReasonRow {
  std::string_view reason;
  int status;
};

/// k8s.io/apimachinery, metav1.StatusReason.
constexpr auto kReasons = std::to_array<ReasonRow>({
    {"AlreadyExists", 409},
    {"BadRequest", 400},
    {"Conflict", 409},
    {"Expired", 410},
    {"Forbidden", 403},
    {"Gone", 410},
    {"InternalError", 500},
    {"Invalid", 422},
    {"MethodNotAllowed", 405},
    {"NotAcceptable", 406},
    {"NotFound", 404},
    {"RequestEntityTooLarge", 413},
    {"ServerTimeout", 500},
    {"ServiceUnavailable", 503},
    {"Timeout", 504},
    {"TooManyRequests", 429},
    {"Unauthorized", 401},
    {"UnsupportedMediaType", 415},
});

/// What is said where no server was reached.
constexpr auto kUnreached = std::to_array<std::string_view>(
    {"The connection to the server", "Unable to connect to the server", "dial tcp",
     "connection refused", "no such host", "i/o timeout", "TLS handshake timeout"});
/// Of those: where it may have been reached, and the answer was lost.
constexpr auto kLost = std::to_array<std::string_view>(
    {"unexpected EOF", "connection reset", "context deadline exceeded", "Client.Timeout",
     "http2: client connection lost", "EOF"});

template <typename Words>
bool says(std::string_view text, const Words& words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

/// The first line that is no warning.
std::string_view first_line(std::string_view errors) {
  while (!errors.empty()) {
    const std::size_t end = std::min(errors.find('\n'), errors.size());
    const std::string_view line = errors.substr(0, end);
    const bool is_warning = line.starts_with("Warning:") || line.starts_with("W0") ||
                            line.starts_with("I0") || line.starts_with("E0");
    if (!is_warning && !line.empty()) return line;
    errors.remove_prefix(std::min(end + 1, errors.size()));
  }
  return {};
}

/// All lines; kubectl puts the causes of an invalid object below its message.
std::string_view words_of(std::string_view errors, std::string_view first) {
  const auto begin = static_cast<std::size_t>(first.data() - errors.data());
  return errors.substr(begin);
}

HttpResponse refusal(int status, std::string_view reason, std::string_view message) {
  Json details = Json::object();
  // `configmaps "a" not found`: one object of a kind that is served.
  constexpr std::string_view kMissing = "\" not found";
  if (status == 404 && message.ends_with(kMissing)) {
    std::string_view name = message.substr(0, message.size() - kMissing.size());
    name.remove_prefix(std::min(name.rfind('"') + 1, name.size()));
    details["name"] = std::string{name};
  }
  const Json body{{"kind", "Status"},
                  {"apiVersion", "v1"},
                  {"status", "Failure"},
                  {"message", std::string{message}},
                  {"reason", std::string{reason}},
                  {"details", details},
                  {"code", status}};
  return {.status = status, .body = body.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

/// `Error from server (NotFound): configmaps "a" not found`
HttpResponse server_refusal(std::string_view words) {
  constexpr std::string_view kBegin = "Error from server";
  std::string_view rest = words.substr(kBegin.size());
  std::string_view reason;
  if (rest.starts_with(" (")) {
    rest.remove_prefix(2);
    reason = rest.substr(0, rest.find(')'));
    rest.remove_prefix(std::min(reason.size() + 1, rest.size()));
  }
  if (rest.starts_with(": ")) rest.remove_prefix(2);
  const auto row = std::ranges::find(kReasons, reason, &ReasonRow::reason);
  return refusal(row == kReasons.end() ? 500 : row->status, reason, rest);
}

}  // namespace

HttpResult<HttpResponse> answer_of(const ProcessEnd& end, std::string_view method) {
  if (end.exit_code == 0) {
    return HttpResponse{.status = method == "POST" ? 201 : 200, .body = end.output};
  }
  std::string_view line = first_line(end.errors);
  if (line.empty()) {
    const std::string words = "it ended with exit code " + std::to_string(end.exit_code);
    return refusal(400, "", words);
  }
  const std::string_view all = words_of(end.errors, line);
  if (line.starts_with("Error from server")) {
    const bool has_causes = line.find("(Invalid)") != std::string_view::npos;
    return server_refusal(has_causes ? all : line);
  }
  constexpr std::string_view kError = "error: ";
  if (line.starts_with(kError)) line.remove_prefix(kError.size());
  if (line.find("You must be logged in") != std::string_view::npos ||
      line.find("(Unauthorized)") != std::string_view::npos) {
    return refusal(401, "Unauthorized", line);
  }
  if (line.starts_with("Operation cannot be fulfilled") || line.starts_with("Apply failed with")) {
    return refusal(409, "Conflict", line);
  }
  // `The NetworkPolicy "deny" is invalid: …`, the causes below it.
  if (line.starts_with("The ") && line.find("\" is invalid") != std::string_view::npos) {
    return refusal(422, "Invalid", all);
  }
  if (says(line, kLost)) return tl::make_unexpected(HttpFailure{std::string{line}, true});
  if (says(line, kUnreached)) return tl::make_unexpected(HttpFailure{std::string{line}, false});
  return refusal(400, "", line);
}

}  // namespace meshproof::oc
