#include "cli/progress.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "tests/cli/run_cli.h"
#include "tests/cli/shell.h"

using namespace meshproof;

namespace {

constexpr const char* kErase = "\r\x1b[K";

/// A progress whose clock is moved by hand, and what it has drawn since it was asked.
class Scene {
 public:
  explicit Scene(std::size_t width = 80)
      : progress([this](std::string_view text) { drawn_ += text; }, [this] { return now_; },
                 width) {}
  std::string after(std::chrono::milliseconds time) {
    now_ += time;
    drawn_.clear();
    progress.tick();
    return drawn_;
  }
  [[nodiscard]] const std::string& drawn() const { return drawn_; }

 private:
  Progress::Time now_;
  std::string drawn_;

 public:
  Progress progress;
};

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

}  // namespace

TEST_CASE("progress appears after a second, with the phase and its seconds") {
  Scene scene;
  scene.progress.enter("read");
  CHECK(scene.after(900ms).empty());
  CHECK(scene.after(200ms) == kErase + std::string("reading · 1 s"));
  CHECK(scene.after(4s) == kErase + std::string("reading · 5 s"));
  scene.progress.enter("a phase without words");
  CHECK(scene.after(2s) == kErase + std::string("a phase without words · 2 s"));
}

TEST_CASE("progress tells rate and what is left, by bytes where they are known") {
  Scene scene;
  scene.progress.enter("read");
  scene.progress.count({0, 12, "files", 0, 246'000'000});
  CHECK(scene.after(2s) == kErase + std::string("reading 0/12 files · 2 s"));
  scene.progress.count({3, 12, "files", 164'000'000, 246'000'000});
  CHECK(scene.after(2s) ==
        kErase + std::string("reading 3/12 files · 164 of 246 MB · 41 MB/s · 2 s left"));
  scene.progress.count({0, 1, "files", 82'000'000, 246'000'000});
  CHECK(scene.after(0s) == kErase + std::string("reading · 82 of 246 MB · 20 MB/s · 8 s left"));
  scene.progress.enter("verify");
  scene.progress.count({.done = 120, .total = 400, .unit = "statements"});
  CHECK(scene.after(4s) == kErase + std::string("proving 120/400 statements · 30/s · 9 s left"));
  scene.progress.count({.done = 400, .total = 400, .unit = "statements"});
  CHECK(scene.after(0s) == kErase + std::string("proving 400/400 statements · 4 s"));
  scene.progress.count({.done = 2, .total = 4, .unit = "kinds", .detail = "pods 1200"});
  CHECK(scene.after(1s) == kErase + std::string("proving 2/4 kinds: pods 1200 · 5 s"));
}

TEST_CASE("progress of a fleet names the cluster, whose phases begin anew") {
  Scene scene;
  scene.progress.enter("read");
  scene.progress.turn_to("cluster prod-\x1b[2Jeu (2 of 5)");
  CHECK(scene.after(2s) ==
        kErase + std::string("cluster prod-\\x1b[2Jeu (2 of 5) · starting · 2 s"));
  scene.progress.enter("read");
  scene.progress.count({.done = 1, .total = 4, .unit = "files"});
  CHECK(scene.after(2s) ==
        kErase +
            std::string("cluster prod-\\x1b[2Jeu (2 of 5) · reading 1/4 files · 0.5/s · 6 s left"));
  scene.progress.turn_to("");
  CHECK(scene.after(2s) == kErase + std::string("starting · 2 s"));
}

TEST_CASE("progress has words for every phase of the commands") {
  std::set<std::string> phases;
  const std::regex entering(R"x(timing\.enter\("([a-z]+)"\))x");
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(MESHPROOF_SOURCE_DIR "/cli")) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string text = read_file(entry.path().string());
    for (std::sregex_iterator found(text.begin(), text.end(), entering), end; found != end;
         ++found) {
      phases.insert((*found)[1]);
    }
  }
  CHECK(phases.size() > 20);
  for (const std::string& phase : phases) {
    Scene scene;
    scene.progress.enter(phase);
    INFO(phase);
    CHECK(scene.after(2s) != kErase + phase + " · 2 s");
  }
}

TEST_CASE("progress is erased before anything else is written, and stays away for a second") {
  Scene scene;
  scene.progress.enter("read");
  CHECK_FALSE(scene.after(2s).empty());
  {
    const Progress::Hush outer(&scene.progress);
    CHECK(scene.drawn() == kErase + std::string("reading · 2 s") + kErase);
    const Progress::Hush inner(&scene.progress);
    CHECK(scene.after(5s).empty());
  }
  CHECK(scene.after(900ms).empty());
  CHECK_FALSE(scene.after(200ms).empty());
}

TEST_CASE("progress fits the terminal, and what is read steers it nowhere") {
  Scene scene(20);
  scene.progress.enter("read");
  scene.progress.count({.done = 1, .total = 2, .unit = "kinds", .detail = "\x1b[2Jpods"});
  CHECK(scene.after(2s) == kErase + std::string("reading 1/2 kinds: "));
}

TEST_CASE("progress that ticks by itself is erased at the end, and never drawn into a hush") {
  std::string drawn;
  std::atomic<bool> is_hushed = false;
  std::atomic<bool> is_late = false;
  {
    TickingProgress ticking(
        [&](std::string_view text) {
          if (is_hushed && text != kErase) is_late = true;
          drawn += text;
        },
        80);
    ticking.progress.enter("a phase");
    std::this_thread::sleep_for(1500ms);
    const Progress::Hush hush(&ticking.progress);
    is_hushed = true;
    CHECK(drawn.find("a phase · 1 s") != std::string::npos);
    std::this_thread::sleep_for(300ms);
  }
  CHECK_FALSE(is_late);
  CHECK(drawn.ends_with(kErase));
}

TEST_CASE("a terminal sees progress of what takes longer, and a pipe and --quiet do not") {
  if (!has_program("script")) {
    WARN("script is not installed: no terminal was tried");
    return;
  }
  const TemporaryFolder folder;
  const std::string command = "meshproof lint -f in --out report.txt";
  // A FIFO given by name is waited for: here longer than progress waits.
  const std::string feed =
      "mkfifo in; (sleep 1.8; echo '{apiVersion: v1, kind: Namespace, metadata: {name: a}}' >in) "
      "& ";
  const ShellRun seen =
      run_shell(folder.path(), feed + "TERM=xterm script -qec '" + command + "' /dev/null; rm in");
  CHECK(seen.code == 0);
  CHECK_THAT(seen.out, Catch::Contains(kErase + std::string("reading 0/1 files · 1 s")));
  const std::size_t last = seen.out.rfind(" · ");
  CHECK(seen.out.find(kErase, last) != std::string::npos);

  const ShellRun quiet = run_shell(
      folder.path(), feed + "TERM=xterm script -qec '" + command + " --quiet' /dev/null; rm in");
  CHECK_THAT(quiet.out, !Catch::Contains("reading"));
  const ShellRun dumb =
      run_shell(folder.path(), feed + "TERM=dumb script -qec '" + command + "' /dev/null; rm in");
  CHECK(dumb.code == 0);
  CHECK_THAT(dumb.out, !Catch::Contains("\x1b"));
  const ShellRun piped = run_shell(folder.path(), feed + command + "; rm in");
  CHECK(piped.code == 0);
  CHECK_THAT(piped.err, !Catch::Contains("reading") && !Catch::Contains("\x1b"));
}
