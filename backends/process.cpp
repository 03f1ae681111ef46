#include "backends/process.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "backends/file_descriptor.h"

namespace meshproof {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

std::string reason(int code) { return std::generic_category().message(code); }

/// A file in memory: unlike with a pipe nothing waits for a program that never reads it.
FileDescriptor memory_file(const std::string& content) {
  FileDescriptor file(memfd_create("input", MFD_CLOEXEC));
  std::size_t written = 0;
  while (file.is_open() && written < content.size()) {
    const std::string_view rest = std::string_view(content).substr(written);
    const ssize_t count = write(file.get(), rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return FileDescriptor{};
    written += static_cast<std::size_t>(count);
  }
  if (file.is_open() && lseek(file.get(), 0, SEEK_SET) != 0) return FileDescriptor{};
  return file;
}

struct Pipe {
  FileDescriptor reading;
  FileDescriptor writing;

  [[nodiscard]] bool open() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    reading = FileDescriptor(ends[0]);
    writing = FileDescriptor(ends[1]);
    // Reading never waits: poll() does.
    return fcntl(reading.get(), F_SETFL, O_NONBLOCK) == 0;
  }
};

std::vector<std::string> joined_environment(const ProcessOrder& order) {
  std::vector<std::string> joined;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const bool is_replaced = std::ranges::any_of(
        order.environment, [&](const auto& variable) { return variable.first == name; });
    if (!is_replaced) joined.emplace_back(text);
  }
  for (const auto& [name, value] : order.environment) {
    joined.push_back(fmt::format("{}={}", name, value));
  }
  return joined;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

/// 0 or the error's number.
int spawn(const ProcessOrder& order, int input, int output, int errors, pid_t& child) {
  std::vector<std::string> arguments = order.arguments;
  std::vector<std::string> environment = joined_environment(order);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (const int code = posix_spawn_file_actions_init(&actions); code != 0) return code;
  if (const int code = posix_spawnattr_init(&attributes); code != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return code;
  }
  sigset_t none;
  sigset_t ignored_by_us;
  sigemptyset(&none);
  sigemptyset(&ignored_by_us);
  sigaddset(&ignored_by_us, SIGPIPE);
  int code = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  if (code == 0) code = posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
  if (code == 0) code = posix_spawnattr_setpgroup(&attributes, 0);
  if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &none);
  if (code == 0) code = posix_spawnattr_setsigdefault(&attributes, &ignored_by_us);
  constexpr int kFlags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (code == 0) code = posix_spawnattr_setflags(&attributes, static_cast<short>(kFlags));
  if (code == 0) {
    code = posix_spawnp(&child, arguments.front().c_str(), &actions, &attributes,
                        pointers(arguments).data(), pointers(environment).data());
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

/// A program that runs, and what it has said.
class Running {
 public:
  Running(const ProcessOrder& order, pid_t child, FileDescriptor output, FileDescriptor errors)
      : order_(&order), child_(child), until_(Clock::now() + order.at_most) {
    streams_[0].end = std::move(output);
    streams_[1].end = std::move(errors);
  }

  tl::expected<ProcessEnd, ProcessFailure> finish() {
    while (true) {
      wait_a_little();
      // Looked at before reading: what it wrote before its end is there by then.
      const bool has_ended = !exit_code_ && look_for_end();
      if (!read_what_is_there()) return failure("writes too much", false);
      if (!is_told() && !has_ended) {
        stop();
        return end();
      }
      if (has_ended) return end();
      if (Clock::now() >= until_) {
        return failure(fmt::format("has not ended within {} s",
                                   static_cast<double>(order_->at_most.count()) / 1000),
                       true);
      }
    }
  }

 private:
  struct Stream {
    FileDescriptor end;
    std::string text;
  };

  void wait_a_little() {
    constexpr milliseconds kTick{20};
    constexpr milliseconds kLastTick{1};
    std::array<pollfd, 2> polled{};
    for (std::size_t i = 0; i < 2; ++i) {
      polled.at(i) = {streams_.at(i).end.is_open() ? streams_.at(i).end.get() : -1, POLLIN, 0};
    }
    const bool is_silent = polled[0].fd < 0 && polled[1].fd < 0;
    const auto tick = is_silent ? kLastTick : kTick;
    (void)poll(polled.data(), polled.size(), static_cast<int>(tick.count()));
  }

  bool look_for_end() {
    int status = 0;
    if (waitpid(child_, &status, WNOHANG) != child_) return false;
    exit_code_ = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return true;
  }

  bool read_what_is_there() {
    std::array<char, 65536> buffer{};
    for (Stream& stream : streams_) {
      while (stream.end.is_open()) {
        const ssize_t count = read(stream.end.get(), buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) break;
        if (count == 0) {
          stream.end = FileDescriptor{};
          break;
        }
        stream.text.append(buffer.data(), static_cast<std::size_t>(count));
        if (stream.text.size() > order_->most_output) return false;
      }
    }
    return true;
  }

  bool is_told() {
    if (!order_->on_output) return true;
    const std::string_view more = std::string_view(streams_[0].text).substr(told_);
    told_ = streams_[0].text.size();
    return order_->on_output(more);
  }

  ProcessEnd end() {
    return {exit_code_.value_or(128 + SIGKILL), std::move(streams_[0].text),
            std::move(streams_[1].text)};
  }

  void stop() {
    (void)kill(-child_, SIGKILL);
    int status = 0;
    while (!exit_code_ && waitpid(child_, &status, 0) < 0 && errno == EINTR) {
    }
    (void)read_what_is_there();
  }

  tl::expected<ProcessEnd, ProcessFailure> failure(std::string why, bool is_timeout) {
    stop();
    return tl::unexpected(ProcessFailure{fmt::format("{} {}", order_->arguments.front(), why), true,
                                         is_timeout, std::move(streams_[1].text)});
  }

  const ProcessOrder* order_;
  pid_t child_;
  Clock::time_point until_;
  std::array<Stream, 2> streams_;
  std::optional<int> exit_code_;
  std::size_t told_ = 0;  ///< bytes of its output
};

}  // namespace

tl::expected<ProcessEnd, ProcessFailure> run_process(const ProcessOrder& order) {
  const auto fail = [&](int code) {
    return tl::unexpected(ProcessFailure{
        fmt::format("cannot run {}: {}", order.arguments.front(), reason(code)), false, false});
  };
  const FileDescriptor input = memory_file(order.input);
  Pipe output;
  Pipe errors;
  if (!input.is_open() || !output.open() || !errors.open()) return fail(errno);
  pid_t child = 0;
  const int code = spawn(order, input.get(), output.writing.get(), errors.writing.get(), child);
  if (code != 0) return fail(code);
  output.writing = FileDescriptor{};
  errors.writing = FileDescriptor{};
  return Running(order, child, std::move(output.reading), std::move(errors.reading)).finish();
}

}  // namespace meshproof
