#include "backends/oc/transport.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "backends/oc/answer.h"
#include "backends/oc/path.h"

namespace meshproof::oc {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Of an argument; what is longer comes by standard input.
constexpr std::size_t kLongestArgument = 100'000;

HttpFailure failure_of(const ProcessFailure& failure) {
  return {.message = failure.message,
          .was_sent = failure.was_started,
          .is_timeout = failure.is_timeout};
}

/// What comes of watches that run side by side, one after the other.
class Watches {
 public:
  Watches(std::size_t count, steady_clock::time_point until, const HttpTransport::OnLine& on_line)
      : answers_(count), parts_(count), until_(until), on_line_(&on_line) {}

  /// More of a watch's output; false once the time is over, or nobody wants more.
  bool take(std::size_t index, std::string_view more) {
    const std::lock_guard lock(mutex_);
    std::string& part = parts_[index];
    part += more;
    std::size_t begin = 0;
    for (std::size_t end = part.find('\n'); end != std::string::npos && !is_over_;
         end = part.find('\n', begin)) {
      const auto line = std::string_view(part).substr(begin, end - begin);
      is_over_ = !line.empty() && !(*on_line_)(index, line);
      begin = end + 1;
    }
    part.erase(0, begin);
    return !is_over_ && steady_clock::now() < until_;
  }

  void end(std::size_t index, const tl::expected<ProcessEnd, ProcessFailure>& end) {
    const std::lock_guard lock(mutex_);
    const bool is_stopped = is_over_ || steady_clock::now() >= until_;
    if (is_stopped) return;
    auto answer = end ? answer_of(*end, "GET") : tl::make_unexpected(failure_of(end.error()));
    if (!answer) {
      failure_ = answer.error();
    } else {
      answers_[index].status = answer->status;
      if (answer->status >= 300) answers_[index] = std::move(*answer);
    }
    // Whoever waits has to hear of a refusal.
    is_over_ = answers_[index].status >= 300 || failure_;
  }

  [[nodiscard]] HttpResult<std::vector<HttpResponse>> answers() {
    if (failure_) return tl::make_unexpected(*failure_);
    return std::move(answers_);
  }

 private:
  std::mutex mutex_;
  std::vector<HttpResponse> answers_;
  std::vector<std::string> parts_;  ///< of each, the line that has not ended
  steady_clock::time_point until_;
  const HttpTransport::OnLine* on_line_;
  std::optional<HttpFailure> failure_;
  bool is_over_ = false;
};

class Transport final : public HttpTransport {
 public:
  Transport(Program program, std::string server)
      : program_(std::move(program)), server_(std::move(server)) {}

  [[nodiscard]] std::string server() const override { return server_; }

  [[nodiscard]] HttpResult<HttpResponse> send(const HttpRequest& request) override {
    const auto order = order_for(request);
    if (!order) {
      return HttpResponse{.status = 405, .body = request.method + " cannot be asked for by oc"};
    }
    const auto end = run_process(*order);
    if (!end) return tl::make_unexpected(failure_of(end.error()));
    return answer_of(*end, request.method);
  }

  [[nodiscard]] HttpResult<std::vector<HttpResponse>> stream(
      const std::vector<HttpRequest>& requests, milliseconds at_most,
      const OnLine& on_line) override {
    Watches watches(requests.size(), steady_clock::now() + at_most, on_line);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      threads.emplace_back([this, i, &requests, &watches] {
        auto order = order_for(requests[i]);
        if (!order) return;
        order->on_output = [&](std::string_view more) { return watches.take(i, more); };
        watches.end(i, run_process(*order));
      });
    }
    for (std::thread& thread : threads) thread.join();
    return watches.answers();
  }

  [[nodiscard]] ProcessOrder order(std::vector<std::string> words, std::string input = {}) const {
    std::vector<std::string> arguments{program_.name};
    if (!program_.kubeconfig.empty()) arguments.push_back("--kubeconfig=" + program_.kubeconfig);
    if (!program_.context.empty()) arguments.push_back("--context=" + program_.context);
    std::ranges::move(words, std::back_inserter(arguments));
    return {
        .arguments = std::move(arguments), .input = std::move(input), .at_most = program_.at_most};
  }

 private:
  /// Nothing for a request that the program has no words for.
  [[nodiscard]] std::optional<ProcessOrder> order_for(const HttpRequest& request) const {
    const auto raw = [&](const char* verb, const std::string& body) {
      std::vector<std::string> words{verb, "--raw=" + request.path};
      if (!body.empty()) words.emplace_back("--filename=-");
      return order(std::move(words), body);
    };
    if (request.method == "GET") return raw("get", {});
    if (request.method == "POST") return raw("create", request.body);
    if (request.method == "PUT") return raw("replace", request.body);
    if (request.method == "DELETE") return raw("delete", request.body);
    return request.method == "PATCH" ? order_for_patch(request) : std::nullopt;
  }

  [[nodiscard]] std::optional<ProcessOrder> order_for_patch(const HttpRequest& request) const {
    if (request.content_type == "application/apply-patch+yaml") {
      std::vector<std::string> words{"apply",
                                     "--server-side",
                                     "--field-manager=meshproof",
                                     "--validate=false",
                                     "--output=json",
                                     "--show-managed-fields",
                                     "--filename=-"};
      if (request.path.find("force=true") != std::string::npos) {
        words.emplace_back("--force-conflicts");
      }
      return order(std::move(words), request.body);
    }
    const auto object = object_path(request.path);
    if (!object || request.content_type != "application/merge-patch+json") return std::nullopt;
    std::vector<std::string> words{"patch", "--type=merge", "--field-manager=meshproof",
                                   "--output=json"};
    if (!object->ns.empty()) words.push_back("--namespace=" + object->ns);
    const bool is_short = request.body.size() < kLongestArgument;
    words.push_back(is_short ? "--patch=" + request.body : "--patch-file=/dev/stdin");
    words.insert(words.end(), {"--", object->resource(), object->name});
    return order(std::move(words), is_short ? std::string{} : request.body);
  }

  Program program_;
  std::string server_;
};

bool can_run(const std::string& name) {
  return run_process({.arguments = {name, "version", "--client"}}).has_value();
}

}  // namespace

tl::expected<std::unique_ptr<HttpTransport>, std::string> open_transport(Program program) {
  if (program.name.empty()) {
    constexpr std::array kNames{"oc", "kubectl"};
    const auto* const found = std::ranges::find_if(kNames, can_run);
    if (found == kNames.end()) return tl::make_unexpected("there is no oc and no kubectl in PATH");
    program.name = *found;
  }
  const Transport asking{program, {}};
  const auto end = run_process(asking.order(
      {"config", "view", "--minify", "--output=jsonpath={.clusters[0].cluster.server}"}));
  if (!end) return tl::make_unexpected(end.error().message);
  if (end->exit_code != 0 || end->output.empty()) {
    const std::string_view words = end->errors;
    return tl::make_unexpected(
        program.name + " names no server: " + std::string{words.substr(0, words.find('\n'))});
  }
  return std::make_unique<Transport>(std::move(program), end->output);
}

}  // namespace meshproof::oc
