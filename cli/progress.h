#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace meshproof {

/// How far a phase is.
struct PhaseCount {
  std::size_t done = 0;
  std::size_t total = 0;
  std::string unit;              ///< `files`; empty: only the numbers
  std::uint64_t bytes_done = 0;  ///< what the rate is of, if there are any bytes in total
  std::uint64_t bytes_total = 0;
  std::string detail = {};  ///< instead of rate and estimate, where done says little of them
};

/// One line for a person who waits, on the terminal of standard error: it appears once a second has
/// gone by without any output, says for what, what is done, how far it is, how fast and for how
/// long still, and is erased before anything else is written. Safe to be used from several threads.
class Progress {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// Writes text with the sequences of a terminal, and flushes.
  using Draw = std::function<void(std::string_view)>;

  Progress(Draw draw, std::function<Time()> now, std::size_t width);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// What follows is done for one of several things, in the words that stand before the phase.
  void turn_to(std::string what);
  /// A phase of Timing begins.
  void enter(std::string_view phase);
  /// The phase has come so far.
  void count(PhaseCount count);
  /// Draws the line if it is due. Somebody has to call it every now and then.
  void tick();

  /// While there is one, nothing is drawn; where it begins the line is erased.
  class Hush {
   public:
    explicit Hush(Progress* progress);
    Hush(const Hush&) = delete;
    Hush& operator=(const Hush&) = delete;
    ~Hush();

   private:
    Progress* progress_;
  };

 private:
  void erase();
  [[nodiscard]] std::string line(Time now) const;

  std::mutex mutex_;
  const Draw draw_;
  const std::function<Time()> now_;
  const std::size_t width_;
  Time due_;             ///< before it nothing is drawn
  Time entered_;         ///< the phase
  std::string subject_;  ///< `cluster prod-eu (2 of 5)`; empty: there is but one
  std::string phase_;
  PhaseCount count_;
  std::size_t hushes_ = 0;
  bool is_drawn_ = false;
};

/// Progress by the clock, drawn a few times a second from a thread of its own, because most phases
/// are one call that says nothing until it ends.
class TickingProgress {
 public:
  TickingProgress(Progress::Draw draw, std::size_t width);
  TickingProgress(const TickingProgress&) = delete;
  TickingProgress& operator=(const TickingProgress&) = delete;
  ~TickingProgress() = default;

  Progress progress;

 private:
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  ///< the last member: it ends first
};

}  // namespace meshproof
