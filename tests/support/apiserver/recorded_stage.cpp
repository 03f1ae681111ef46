#include "tests/support/apiserver/recorded_stage.h"

#include <exception>
#include <iostream>

namespace meshproof {
namespace {

std::vector<RecordedCase> read_cases(const std::filesystem::path& recordings,
                                     const std::vector<std::string>& names) {
  std::vector<RecordedCase> cases;
  for (const auto& name : names) cases.push_back(read_recorded_case(recordings / name));
  return cases;
}

}  // namespace

RecordedStage::RecordedStage(const TestServer& server, const std::filesystem::path& recordings,
                             const std::vector<std::string>& cases)
    : server_{&server},
      admin_{server, "kubectl-edit"},
      cases_{read_cases(recordings, cases)},
      book_{playbook_of(cases_)} {
  build_cluster(admin_, cases_.front().before);
}

RecordedStage::~RecordedStage() {
  try {
    wipe_cluster(admin_);
  } catch (const std::exception& failure) {
    // The next one wipes first.
    std::cerr << "not wiped: " << failure.what() << '\n';
  }
}

void RecordedStage::edit_members(const std::vector<std::string>& members) {
  const Tree spec = Tree::mapping({{"members", Tree::strings(members)}});
  admin_.merge(key_for("ServiceMeshMemberRoll", book_.mesh, "default"),
               Tree::mapping({{"spec", spec}}));
}

std::string RecordedStage::differences_to_live(const ObjectStore& recorded) {
  std::string text;
  for (const auto& line : differences_to(recorded, live_objects(admin_))) text += line + '\n';
  return text;
}

}  // namespace meshproof
