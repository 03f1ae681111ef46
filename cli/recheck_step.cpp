#include "cli/recheck_step.h"

#include <utility>

#include <fmt/format.h>

namespace meshproof {
namespace {

/// The objects of either state: ends may be there in one of them only.
ObjectStore objects_of(const RecheckedVerdict& one, const RecheckedState& state) {
  std::vector<Object> objects;
  for (const ObjectKey& key : one.objects) {
    const Object* object = state.snapshot.objects.find(key);
    if (object == nullptr && state.before != nullptr) object = state.before->objects.find(key);
    if (object != nullptr) objects.push_back(*object);
  }
  return ObjectStore(std::move(objects));
}

}  // namespace

std::vector<RecheckedVerdict> recheck_verdicts(Session& session, const RecheckedState& state,
                                               const EvidenceSinks& evidence,
                                               std::vector<Verdict>& verdicts,
                                               const RecheckLimits& limits) {
  if (!session.options.recheck) return {};
  session.timing.enter("recheck");
  std::vector<RecheckedVerdict> rechecked = recheck(state, verdicts, limits);
  for (std::size_t i = 0; i < rechecked.size(); ++i) {
    RecheckedVerdict& one = rechecked[i];
    if (one.outcome != Recheck::Disagrees) continue;
    if (evidence.disagreement) {
      one.words +=
          "; " + evidence.disagreement({one.id, "recheck", one.words, objects_of(one, state), {}});
    }
    verdicts[i].finding = Undecided{"engines disagree: " + one.words};
  }
  return rechecked;
}

ExitCode tell_disagreements(Session& session, const std::vector<RecheckedVerdict>& rechecked,
                            ExitCode code) {
  for (const RecheckedVerdict& one : rechecked) {
    if (one.outcome != Recheck::Disagrees) continue;
    session.add_error(
        "engines-disagree",
        fmt::format("two engines answer differently, please report it: {}", one.words), one.id);
    code = graver(code, ExitCode::Inconclusive);
  }
  return code;
}

}  // namespace meshproof
