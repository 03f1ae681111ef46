#include "model/prediction.h"

namespace meshproof {

std::string_view to_string(Verb verb) {
  switch (verb) {
    case Verb::Create:
      return "create";
    case Verb::Update:
      return "update";
    case Verb::Delete:
      return "delete";
  }
  return "";
}

std::string_view to_string(Step::Writer writer) {
  switch (writer) {
    case Step::Writer::User:
      return "user";
    case Step::Writer::Operator:
      return "operator";
    case Step::Writer::SdnMaster:
      return "sdn-master";
    case Step::Writer::Others:
      return "others";
  }
  return "";
}

std::string_view to_string(Outcome::Status status) {
  switch (status) {
    case Outcome::Status::Configured:
      return "configured";
    case Outcome::Status::Pending:
      return "pending";
    case Outcome::Status::Failed:
      return "failed";
    case Outcome::Status::Removed:
      return "removed";
    case Outcome::Status::Unchanged:
      return "unchanged";
    case Outcome::Status::Rejected:
      return "rejected";
  }
  return "";
}

}  // namespace meshproof
