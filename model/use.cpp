#include "model/use.h"

namespace meshproof {

std::string_view to_string(UseEvidence evidence) {
  switch (evidence) {
    case UseEvidence::ObservedFlow:
      return "observed-flow";
    case UseEvidence::Route:
      return "route";
    case UseEvidence::Ingress:
      return "ingress";
    case UseEvidence::Monitor:
      return "monitor";
    case UseEvidence::Webhook:
      return "webhook";
    case UseEvidence::ApiService:
      return "api-service";
    case UseEvidence::Environment:
      return "environment";
    case UseEvidence::OwnPolicy:
      return "own-policy";
  }
  return {};
}

}  // namespace meshproof
