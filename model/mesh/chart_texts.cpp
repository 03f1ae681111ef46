#include "model/mesh/chart_texts.h"

#include <algorithm>

namespace meshproof {
namespace {

void replace_all(std::string& text, std::string_view what, const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

}  // namespace

std::string filled(std::string_view pattern, const ControlPlane& plane) {
  std::string text{pattern};
  replace_all(text, "{rev}", plane.name);
  replace_all(text, "{ns}", plane.ns);
  replace_all(text, "{jaeger}", plane.jaeger_name);
  return text;
}

std::vector<Requirement> requirements(std::string_view pattern, const ControlPlane& plane) {
  constexpr std::string_view kIn = " in ";
  std::vector<Requirement> found;
  for (const std::string& part : split(pattern, ',')) {
    const auto in = part.find(kIn);
    if (in != std::string::npos) {
      found.push_back({part.substr(0, in), split(part.substr(in + kIn.size()), '|'), true});
      continue;
    }
    const auto equals = part.find('=');
    found.push_back({part.substr(0, equals), {filled(part.substr(equals + 1), plane)}});
  }
  return found;
}

}  // namespace meshproof
