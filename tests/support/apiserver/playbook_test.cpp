#include "tests/support/apiserver/playbook.h"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/apiserver/test_server.h"

using namespace meshproof;

namespace {

Playbook book_of(const std::vector<std::string>& names) {
  std::vector<RecordedCase> cases;
  for (const auto& name : names) {
    cases.push_back(read_recorded_case(operator_recordings() / name));
  }
  return playbook_of(cases);
}

std::vector<std::string> words_of(const std::vector<PlayedWrite>& script) {
  std::vector<std::string> words;
  for (const PlayedWrite& write : script) {
    const char* const verbs[] = {"create ", "patch ", "delete "};
    words.push_back(verbs[static_cast<int>(write.verb)] + write.key.kind);
  }
  return words;
}

}  // namespace

TEST_CASE("a leave that nobody recorded goes as the recorded ones go", "[conformance]") {
  if (operator_recordings().empty()) return;
  for (const auto set : {"40-ovnkubernetes", "50-multitenant", "60-subnet"}) {
    const std::string name = std::string{set} + "-join-leave.";
    const Playbook recorded = book_of({name + "1", name + "2"});
    const Playbook undone = book_of({name + "1"});
    INFO(name);
    CHECK(words_of(recorded.scripts.at("bookinfo").leave) ==
          words_of(undone.scripts.at("bookinfo").leave));
  }
}

TEST_CASE("the operator waits for the network where it was seen to", "[conformance]") {
  if (operator_recordings().empty()) return;
  const Playbook book = book_of({"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"});
  const MemberScript& script = book.scripts.at("bookinfo");
  const auto waits = [](const PlayedWrite& write) { return write.waits; };
  CHECK(std::ranges::none_of(script.join, waits));
  CHECK(std::ranges::count_if(script.leave, waits) == 1);
}

TEST_CASE("a project is played like another one under its own name", "[conformance]") {
  if (operator_recordings().empty()) return;
  Playbook book = book_of({"50-multitenant-join-leave.1", "50-multitenant-join-leave.2"});
  book.also_play("shop", "bookinfo");
  const MemberScript& script = book.scripts.at("shop");
  CHECK(words_of(script.join) == words_of(book.scripts.at("bookinfo").join));
  for (const PlayedWrite& write : script.join) {
    CHECK((write.key.ns == "shop" || write.key.name == "shop"));
    if (write.verb != PlayedWrite::Verb::Create) continue;
    CHECK(write.content.string_at({"metadata", "namespace"}) == "shop");
  }
}
