#include "backends/oc/path.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <vector>

namespace meshproof::oc {
namespace {

std::string unescaped(std::string_view text) {
  constexpr int kHex = 16;
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned code = 0;
    const bool is_escape =
        text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, code, kHex).ptr ==
            text.data() + i + 3;
    if (is_escape) i += 2;
    plain += is_escape ? static_cast<char>(code) : text[i];
  }
  return plain;
}

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::size_t end = std::min(path.find('/'), path.size());
    segments.push_back(unescaped(path.substr(0, end)));
    path.remove_prefix(end);
  }
  return segments;
}

}  // namespace

std::string ObjectPath::resource() const { return plural + '.' + version + '.' + group; }

std::optional<ObjectPath> object_path(std::string_view path) {
  ObjectPath object;
  const std::size_t mark = path.find('?');
  if (mark != std::string_view::npos) object.query = path.substr(mark + 1);
  std::vector<std::string> rest = segments_of(path.substr(0, mark));
  const auto take = [&]() -> std::string {
    if (rest.empty()) return {};
    std::string first = std::move(rest.front());
    rest.erase(rest.begin());
    return first;
  };
  const std::string root = take();
  if (root != "api" && root != "apis") return std::nullopt;
  if (root == "apis") object.group = take();
  object.version = take();
  // A Namespace itself has no more than its name behind the word.
  if (rest.size() == 4 && rest.front() == "namespaces") {
    take();
    object.ns = take();
  }
  object.plural = take();
  object.name = take();
  if (!rest.empty() || object.name.empty()) return std::nullopt;
  return object;
}

}  // namespace meshproof::oc
