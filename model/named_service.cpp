#include "model/named_service.h"

#include <algorithm>
#include <charconv>

namespace meshproof {
namespace {

constexpr std::string_view kSchemeEnd = "://";

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::vector<std::string_view> parts_of(std::string_view host) {
  std::vector<std::string_view> parts;
  while (!host.empty()) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    parts.push_back(host.substr(0, dot));
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
  return parts;
}

/// A host in the text, with what stands around it.
struct Host {
  std::string_view name;
  std::string_view scheme;  ///< of the URL; empty: it is in none
  bool has_port = false;
  std::uint16_t port = 0;
};

/// The scheme of the URL whose authority begins at `start`, whoever stands there before an @.
std::string_view scheme_before(std::string_view text, std::size_t start) {
  std::string_view before = text.substr(0, start);
  if (before.ends_with('@')) {
    const std::size_t slash = before.rfind('/');
    const std::size_t space = before.find_last_of(" ,;\"'");
    const bool is_user = slash != before.npos && (space == before.npos || space < slash);
    if (is_user) before = before.substr(0, slash + 1);
  }
  if (!before.ends_with(kSchemeEnd)) return {};
  before.remove_suffix(kSchemeEnd.size());
  std::size_t first = before.size();
  while (first > 0 && is_letter(before[first - 1])) --first;
  return before.substr(first);
}

/// Who logs in, not where: an @ follows before the host ends.
bool is_user(std::string_view rest) {
  const std::size_t end = rest.find_first_of("@/?# ,;");
  return end != rest.npos && rest[end] == '@';
}

void read_port(std::string_view rest, Host& host) {
  if (!rest.starts_with(':')) return;
  rest.remove_prefix(1);
  const char* last = rest.data() + rest.size();
  const auto [end, error] = std::from_chars(rest.data(), last, host.port);
  const bool ends_there = end == last || !(is_letter(*end) || *end == '.' || *end == ':');
  host.has_port = error == std::errc() && ends_there && host.port != 0;
  if (!host.has_port) host.port = 0;
}

std::uint16_t default_port(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws") return 80;
  return scheme == "https" || scheme == "wss" ? 443 : 0;
}

void add(const Host& host, std::vector<NamedService>& found) {
  const std::vector<std::string_view> parts = parts_of(host.name);
  const bool has_empty =
      std::ranges::any_of(parts, [](std::string_view part) { return part.empty(); });
  if (parts.empty() || has_empty) return;
  const std::uint16_t port = host.has_port ? host.port : default_port(host.scheme);
  const auto take = [&](std::string_view ns, std::string_view name) {
    NamedService named{std::string(ns), std::string(name), port};
    if (std::ranges::find(found, named) == found.end()) found.push_back(std::move(named));
  };
  const auto svc = std::ranges::find(parts, "svc");
  if (svc != parts.end()) {
    const auto before = svc - parts.begin();
    const auto after = parts.end() - svc - 1;
    const bool is_cluster_name =
        after == 0 || (after == 2 && svc[1] == "cluster" && svc[2] == "local");
    if (before >= 2 && is_cluster_name) take(svc[-1], svc[-2]);
    return;
  }
  if (!host.has_port && host.scheme.empty()) return;
  if (parts.size() == 2) take(parts[1], parts[0]);
  if (parts.size() == 1) take({}, parts[0]);
}

}  // namespace

std::vector<NamedService> named_services(std::string_view text) {
  std::vector<NamedService> found;
  std::size_t at = 0;
  while (at < text.size()) {
    if (!is_of_name(text[at])) {
      ++at;
      continue;
    }
    const std::size_t start = at;
    while (at < text.size() && is_of_name(text[at])) ++at;
    // A part of a longer word in capitals or of a path is no host.
    const char before = start == 0 ? ' ' : text[start - 1];
    const bool is_word = is_letter(before) || before == '_';
    const bool goes_on = at < text.size() && (is_letter(text[at]) || text[at] == '_');
    Host host{text.substr(start, at - start), scheme_before(text, start), false, 0};
    const bool is_path = before == '/' && host.scheme.empty();
    const bool logs_in = !host.scheme.empty() && is_user(text.substr(at));
    if (is_word || goes_on || is_path || logs_in) continue;
    while (host.name.ends_with('.')) host.name.remove_suffix(1);
    if (!host.name.empty()) read_port(text.substr(at), host);
    add(host, found);
  }
  return found;
}

}  // namespace meshproof
