#include "backends/apply/journal.h"

#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "tests/support/temporary_folder.h"

using namespace meshproof;

namespace {

Execution execution_of(const std::string& digest) {
  Execution execution;
  execution.digest = digest;
  return execution;
}
const Execution kPlan = execution_of("d1");

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string code_of(const Result<Journal>& journal) {
  REQUIRE_FALSE(journal);
  REQUIRE(journal.error().size() == 1);
  return journal.error().front().code;
}

/// No file of this process may grow beyond some bytes, as on a disk that is full.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before_) == 0);
    const rlimit small{bytes, before_.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    (void)::setrlimit(RLIMIT_FSIZE, &before_);
    (void)std::signal(SIGXFSZ, handler_);
  }

 private:
  void (*handler_)(int);
  rlimit before_{};
};

}  // namespace

TEST_CASE("a journal says again what was put down in it") {
  const TemporaryFolder folder;
  const std::string path = folder.path("j");
  {
    auto journal = Journal::begin(path, kPlan, Via::Objects, "run-1");
    REQUIRE(journal);
    CHECK(journal->intend({Way::There, 0, 1}));
    CHECK(journal->wrote({Way::There, 0, 1}, "17"));
    CHECK(journal->in_effect(Way::There, 0));
    CHECK(journal->intend({Way::There, 1, 0}));
    CHECK(journal->turn_back(2, "a \"reason\"\nof two lines"));
    CHECK(journal->intend({Way::Back, 2, 3}));
    CHECK(journal->problem().empty());
  }
  struct stat found {};
  REQUIRE(::stat(path.c_str(), &found) == 0);
  CHECK((found.st_mode & 0777U) == 0600U);
  auto journal = Journal::resume(path, kPlan);
  REQUIRE(journal);
  const RunRecord& record = journal->record();
  CHECK(record.plan == "d1");
  CHECK(record.run == "run-1");
  CHECK(record.via == Via::Objects);
  CHECK(record.way == Way::Back);
  CHECK(record.stage == 2);
  CHECK(record.because == "a \"reason\"\nof two lines");
  CHECK(record.intended.size() == 3);
  CHECK(record.intended.contains({Way::Back, 2, 3}));
  CHECK(record.written == std::set<WriteId>{{Way::There, 0, 1}});
  CHECK_FALSE(record.end);
  CHECK(journal->in_effect(Way::Back, 2));
  CHECK(journal->record().stage == 3);
  CHECK(journal->end(RunEnd::Before));
  CHECK(journal->record().end == RunEnd::Before);
}

TEST_CASE("a run that has ended may be taken back, and a new one may begin after it") {
  const TemporaryFolder folder;
  const std::string path = folder.path("j");
  {
    auto journal = Journal::begin(path, kPlan, Via::Roll, "run-1");
    REQUIRE(journal);
    CHECK(journal->intend({}));
    CHECK(journal->end(RunEnd::After));
  }
  {
    auto journal = Journal::resume(path, kPlan);
    REQUIRE(journal);
    CHECK(journal->record().end == RunEnd::After);
    CHECK(journal->turn_back(0, "asked for"));
    CHECK_FALSE(journal->record().end);
    CHECK(journal->end(RunEnd::Before));
  }
  // Another plan's journal may follow in the same file; it knows nothing of the run before.
  auto journal = Journal::begin(path, execution_of("d2"), Via::Roll, "run-2");
  REQUIRE(journal);
  CHECK(journal->record().run == "run-2");
  CHECK(journal->record().intended.empty());
  CHECK_FALSE(journal->record().end);
}

TEST_CASE("a journal that is in the way is told by its code") {
  const TemporaryFolder folder;
  const std::string path = folder.path("j");
  CHECK(code_of(Journal::resume(path, kPlan)) == "journal-missing");
  {
    const auto journal = Journal::begin(path, kPlan, Via::Roll, "run-1");
    REQUIRE(journal);
    CHECK(code_of(Journal::begin(path, kPlan, Via::Roll, "run-2")) == "journal-busy");
    CHECK(code_of(Journal::resume(path, kPlan)) == "journal-busy");
  }
  const std::string before = text_of(path);
  CHECK(code_of(Journal::begin(path, kPlan, Via::Roll, "run-2")) == "journal-unfinished");
  CHECK(code_of(Journal::resume(path, execution_of("d2"))) == "journal-of-another-plan");
  CHECK(text_of(path) == before);
  CHECK(code_of(Journal::begin(folder.path("none/j"), kPlan, Via::Roll, "r")) == "journal-failed");
}

TEST_CASE("a line that a crash has cut off does not count, and one before it is no such line") {
  const TemporaryFolder folder;
  const std::string path = folder.path("j");
  {
    auto journal = Journal::begin(path, kPlan, Via::Roll, "run-1");
    REQUIRE(journal);
    CHECK(journal->intend({Way::There, 0, 0}));
  }
  const std::string whole = text_of(path);
  for (const std::string torn : {"{", "{\"written\": {\"way\": \"th", "nonsense"}) {
    (void)folder.write("j", whole + torn);
    auto journal = Journal::resume(path, kPlan);
    REQUIRE(journal);
    CHECK(journal->record().intended.size() == 1);
    CHECK(journal->record().written.empty());
    CHECK(journal->wrote({Way::There, 0, 0}, "3"));
    CHECK(text_of(path).rfind(whole + "{\"written\"", 0) == 0);
  }
  for (const std::string broken : {"nonsense\n", "{\"written\": {}}\n", "{}\n", "[]\n", "\n"}) {
    const std::string text = whole + broken + "{\"ended\": \"after\"}\n";
    (void)folder.write("j", text);
    INFO(broken);
    CHECK(code_of(Journal::resume(path, kPlan)) == "journal-broken");
    CHECK(text_of(path) == text);
  }
}

TEST_CASE("on a full disk nothing begins, and what was begun says that it cannot go on") {
  const TemporaryFolder folder;
  {
    const SmallDisk disk(16);
    CHECK(code_of(Journal::begin(folder.path("a"), kPlan, Via::Roll, "run-1")) == "journal-failed");
  }
  const std::string path = folder.path("b");
  auto journal = Journal::begin(path, kPlan, Via::Roll, "run-1");
  REQUIRE(journal);
  const std::string whole = text_of(path);
  {
    const SmallDisk disk(whole.size() + 10);
    CHECK_FALSE(journal->intend({Way::There, 0, 0}));
    CHECK_FALSE(journal->problem().empty());
    CHECK(journal->record().intended.empty());
  }
  // It stays so: what would follow on the disk would not be what was done.
  CHECK_FALSE(journal->intend({Way::There, 0, 1}));
  CHECK(text_of(path) == whole);
}
