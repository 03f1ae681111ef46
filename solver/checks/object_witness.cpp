#include "solver/checks/object_witness.h"

#include <set>

namespace meshproof {

Violated violated_by(const std::vector<ObjectFault>& faults) {
  constexpr std::size_t kShown = 4;
  const ObjectFault& first = faults.front();
  Violated violated;
  violated.object = first.object;
  std::set<std::string> objects;
  for (const ObjectFault& fault : faults) {
    const bool is_new = objects.insert(fault.object).second;
    if (fault.object == first.object) {
      Reason reason;
      reason.rule_id = fault.rule_id;
      reason.place = fault.place;
      reason.text = fault.text;
      violated.reasons.push_back(std::move(reason));
    } else if (is_new && objects.size() <= kShown) {
      violated.all += (violated.all.empty() ? "also " : "; ") + fault.object + ": " + fault.text;
    }
  }
  violated.count = objects.size();
  if (objects.size() > kShown) {
    violated.all += "; and " + std::to_string(objects.size() - kShown) + " more";
  }
  return violated;
}

}  // namespace meshproof
