#include "cli/progress.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "reports/text.h"

namespace meshproof {
namespace {

using Seconds = std::chrono::duration<double>;

constexpr std::chrono::seconds kPatience{1};
constexpr std::string_view kFirstPhase = "start";
constexpr std::string_view kEraseLine = "\r\x1b[K";

/// What a phase of Timing does, in words; others are shown by their name.
struct PhaseRow {
  std::string_view phase;
  std::string_view words;
};
constexpr std::array kPhases{
    PhaseRow{kFirstPhase, "starting"},
    PhaseRow{"read", "reading"},
    PhaseRow{"project", "finding pods and policies"},
    PhaseRow{"predict", "predicting what the mesh writes"},
    PhaseRow{"hazards", "looking for what can go wrong"},
    PhaseRow{"injection", "finding who gets a sidecar"},
    PhaseRow{"check", "comparing the prediction with what is there"},
    PhaseRow{"drift", "comparing what is there with what should be"},
    PhaseRow{"lint", "asking the rules"},
    PhaseRow{"reach", "finding who reaches whom"},
    PhaseRow{"evaluate", "deciding flows"},
    PhaseRow{"undo", "finding the way back"},
    PhaseRow{"compare", "comparing before and after"},
    PhaseRow{"suggest", "finding policies that keep the flows"},
    PhaseRow{"moments", "judging every moment of the change"},
    PhaseRow{"order", "looking for a safe order"},
    PhaseRow{"uses", "finding what is in use"},
    PhaseRow{"verify", "proving"},
    PhaseRow{"prove", "proving"},
    PhaseRow{"matrix", "finding who reaches whom, project by project"},
    PhaseRow{"recheck", "working the verdicts out again"},
    PhaseRow{"execution", "writing down how to carry it out"},
    PhaseRow{"wait", "waiting for the effect"},
    PhaseRow{"watch", "watching the cluster"},
    PhaseRow{"apply", "carrying out the plan"},
    PhaseRow{"report", "writing"},
    PhaseRow{"write", "writing"},
};

std::string rate_of(double amount, double seconds, bool is_bytes) {
  const double rate = amount / seconds;
  const double shown = is_bytes ? rate / 1e6 : rate;
  return fmt::format("{:.{}f}{}/s", shown, shown < 10 ? 1 : 0, is_bytes ? " MB" : "");
}

/// ` · 82 of 164 MB · 41 MB/s · 2 s left`, as far as it is known.
std::string pace_of(const PhaseCount& count, double seconds) {
  const bool is_bytes = count.bytes_total > 0;
  const auto done = static_cast<double>(is_bytes ? count.bytes_done : count.done);
  const auto total = static_cast<double>(is_bytes ? count.bytes_total : count.total);
  if (done <= 0 || done >= total || seconds <= 0) return {};
  const double left = (total - done) * seconds / done;
  const std::string bytes =
      is_bytes ? fmt::format(" · {:.0f} of {:.0f} MB", done / 1e6, total / 1e6) : std::string{};
  return fmt::format("{} · {} · {:.0f} s left", bytes, rate_of(done, seconds, is_bytes), left);
}

/// As many columns of it as fit.
std::string cut(std::string_view text, std::size_t width) {
  std::string shown;
  std::size_t columns = 0;
  for (const Cell& cell : cells(text)) {
    columns += cell.width;
    if (columns > width) break;
    shown += cell.shown;
  }
  return shown;
}

}  // namespace

Progress::Progress(Draw draw, std::function<Time()> now, std::size_t width)
    : draw_(std::move(draw)),
      now_(std::move(now)),
      width_(width),
      due_(now_() + kPatience),
      entered_(now_()),
      phase_(kFirstPhase) {}

Progress::~Progress() { erase(); }

void Progress::turn_to(std::string what) {
  const std::lock_guard lock(mutex_);
  subject_ = std::move(what);
  // Its phases are not those of what was done before.
  phase_ = kFirstPhase;
  entered_ = now_();
  count_ = {};
}

void Progress::enter(std::string_view phase) {
  const std::lock_guard lock(mutex_);
  if (phase == phase_) return;
  phase_ = phase;
  entered_ = now_();
  count_ = {};
}

void Progress::count(PhaseCount count) {
  const std::lock_guard lock(mutex_);
  count_ = std::move(count);
}

void Progress::tick() {
  const std::lock_guard lock(mutex_);
  const Time now = now_();
  if (hushes_ > 0 || now < due_) return;
  draw_(std::string{kEraseLine} + line(now));
  is_drawn_ = true;
}

void Progress::erase() {
  if (is_drawn_) draw_(kEraseLine);
  is_drawn_ = false;
}

std::string Progress::line(Time now) const {
  const auto* row = std::ranges::find(kPhases, phase_, &PhaseRow::phase);
  std::string text = subject_.empty() ? "" : subject_ + " · ";
  text += row == kPhases.end() ? std::string_view{phase_} : row->words;
  const double seconds = Seconds(now - entered_).count();
  // Of one file its bytes say all.
  if (count_.total > (count_.bytes_total > 0 ? 1 : 0)) {
    text += fmt::format(" {}/{}", count_.done, count_.total);
    if (!count_.unit.empty()) text += ' ' + count_.unit;
  }
  if (!count_.detail.empty()) text += ": " + count_.detail;
  const std::string pace =
      count_.total > 0 && count_.detail.empty() ? pace_of(count_, seconds) : std::string{};
  // The last column stays free: a terminal would go to the next line behind it.
  return cut(text + (pace.empty() ? fmt::format(" · {:.0f} s", seconds) : pace), width_ - 1);
}

Progress::Hush::Hush(Progress* progress) : progress_(progress) {
  if (progress_ == nullptr) return;
  const std::lock_guard lock(progress_->mutex_);
  ++progress_->hushes_;
  progress_->erase();
}

Progress::Hush::~Hush() {
  if (progress_ == nullptr) return;
  const std::lock_guard lock(progress_->mutex_);
  --progress_->hushes_;
  progress_->due_ = progress_->now_() + kPatience;
}

TickingProgress::TickingProgress(Progress::Draw draw, std::size_t width)
    : progress(
          std::move(draw), [] { return std::chrono::steady_clock::now(); }, width),
      thread_([this](const std::stop_token& stop) {
        constexpr std::chrono::milliseconds kPause{200};
        std::unique_lock lock(mutex_);
        while (!stopped_.wait_for(lock, stop, kPause, [&] { return stop.stop_requested(); })) {
          progress.tick();
        }
      }) {}

}  // namespace meshproof
