#include "model/verdict.h"

namespace meshproof {

std::string_view to_string(Universe universe) {
  switch (universe) {
    case Universe::Enumerated:
      return "enumerated";
    case Universe::Unbounded:
      return "unbounded";
  }
  return "";
}

}  // namespace meshproof
