#include "model/source_line.h"

namespace meshproof {

std::string to_string(const SourceLine& line, bool with_column) {
  std::string text = line.path;
  if (line.line == 0) return text;
  text += ':' + std::to_string(line.line);
  if (with_column && line.column != 0) text += ':' + std::to_string(line.column);
  return text;
}

}  // namespace meshproof
