#include "reports/csv.h"

#include "reports/text.h"

namespace meshproof {
namespace {

std::string field_text(std::string_view field) {
  std::string text = printable(field);
  constexpr std::string_view kBeginsFormula = "=+-@";
  if (!text.empty() && kBeginsFormula.find(text.front()) != std::string_view::npos) {
    text.insert(0, 1, '\'');
  }
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

}  // namespace

std::string csv_line(std::initializer_list<std::string_view> fields) {
  std::string line;
  for (const std::string_view* field = fields.begin(); field != fields.end(); ++field) {
    if (field != fields.begin()) line += ',';
    line += field_text(*field);
  }
  return line + '\n';
}

}  // namespace meshproof
