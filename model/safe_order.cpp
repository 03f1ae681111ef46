#include "model/safe_order.h"

namespace meshproof {

std::string_view to_string(OrderKind kind) {
  switch (kind) {
    case OrderKind::Operator:
      return "operator";
    case OrderKind::Barriers:
      return "barriers";
    case OrderKind::Bridges:
      return "bridges";
    case OrderKind::None:
      return "none";
    case OrderKind::Unknown:
      break;
  }
  return "unknown";
}

}  // namespace meshproof
