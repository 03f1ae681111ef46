#include "model/execution_run.h"

namespace meshproof {

std::string_view to_string(Way way) { return way == Way::There ? "there" : "back"; }

std::string_view words_of(BasisChange::Kind kind) {
  switch (kind) {
    case BasisChange::Kind::Appeared:
      return "is new";
    case BasisChange::Kind::Vanished:
      return "is gone";
    case BasisChange::Kind::Changed:
      break;
  }
  return "is not as it was";
}

std::string_view to_string(ExecutionEnd end) {
  switch (end) {
    case ExecutionEnd::After:
      return "after";
    case ExecutionEnd::Before:
      return "before";
    case ExecutionEnd::Stopped:
      break;
  }
  return "stopped";
}

}  // namespace meshproof
