#include "reports/dot.h"

#include "reports/text.h"

namespace meshproof {

std::string dot_edge_label(std::string_view text) { return "xlabel=" + dot_string(text); }

std::string dot_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

}  // namespace meshproof
