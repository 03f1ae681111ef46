#include "backends/process.h"

#include <chrono>

#include <catch2/catch.hpp>

using namespace meshproof;
using namespace std::chrono_literals;

namespace {

ProcessOrder shell(std::string line) { return {{"sh", "-c", std::move(line)}}; }

}  // namespace

TEST_CASE("a program's exit code and both of its outputs come back") {
  const auto end = run_process(shell("echo out; echo err >&2; exit 7"));
  REQUIRE(end);
  CHECK(end->exit_code == 7);
  CHECK(end->output == "out\n");
  CHECK(end->errors == "err\n");
}

TEST_CASE("arguments are handed on as they are, and no shell reads them") {
  const auto end = run_process({{"printf", "%s|", "a b", "$(id)", "", "; exit 3", "\"'\\"}});
  REQUIRE(end);
  CHECK(end->exit_code == 0);
  CHECK(end->output == "a b|$(id)||; exit 3|\"'\\|");
}

TEST_CASE("a program reads its input to the end, however much it is") {
  ProcessOrder order{{"cat"}};
  order.input = std::string(3'000'000, 'x') + "\nend";
  const auto end = run_process(order);
  REQUIRE(end);
  CHECK(end->output == order.input);
  CHECK(run_process({{"cat"}})->output.empty());
}

TEST_CASE("a program that does not read its input does no harm") {
  ProcessOrder order{{"true"}};
  order.input = std::string(3'000'000, 'x');
  const auto end = run_process(order);
  REQUIRE(end);
  CHECK(end->exit_code == 0);
}

TEST_CASE("variables are set besides the inherited ones, or instead of them") {
  ProcessOrder order = shell("printf '%s %s' \"$MESHPROOF_TEST\" \"$HOME\"; test -n \"$PATH\"");
  order.environment = {{"MESHPROOF_TEST", "a b"}, {"HOME", "/elsewhere"}};
  const auto end = run_process(order);
  REQUIRE(end);
  CHECK(end->exit_code == 0);
  CHECK(end->output == "a b /elsewhere");
}

TEST_CASE("a program that is not there was not started") {
  const auto end = run_process({{"meshproof-no-such-program"}});
  REQUIRE_FALSE(end);
  CHECK_FALSE(end.error().was_started);
  CHECK(end.error().message == "cannot run meshproof-no-such-program: No such file or directory");
}

TEST_CASE("a program that takes too long is stopped with all that it has started") {
  ProcessOrder order = shell("echo working >&2; sleep 60 & sleep 60");
  order.at_most = 200ms;
  const auto start = std::chrono::steady_clock::now();
  const auto end = run_process(order);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  REQUIRE_FALSE(end);
  CHECK(end.error().is_timeout);
  CHECK(end.error().was_started);
  CHECK(end.error().message == "sh has not ended within 0.2 s");
  CHECK(end.error().errors == "working\n");
}

TEST_CASE("what a program leaves in the background is not waited for") {
  ProcessOrder order = shell("sleep 30 & echo $!");
  const auto start = std::chrono::steady_clock::now();
  const auto end = run_process(order);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  REQUIRE(end);
  CHECK(end->exit_code == 0);
  CHECK_FALSE(end->output.empty());
  (void)run_process({{"kill", end->output.substr(0, end->output.size() - 1)}});
}

TEST_CASE("a program that closes its outputs is still waited for") {
  const auto end = run_process(shell("exec >&- 2>&-; sleep 0.1; exit 4"));
  REQUIRE(end);
  CHECK(end->exit_code == 4);
}

TEST_CASE("a program that writes without end is stopped") {
  ProcessOrder order{{"yes"}};
  order.most_output = 1'000'000;
  const auto end = run_process(order);
  REQUIRE_FALSE(end);
  CHECK(end.error().message == "yes writes too much");
  CHECK_FALSE(end.error().is_timeout);
}

TEST_CASE("a program's output is told while it runs, until nobody wants more") {
  ProcessOrder order = shell("echo one; sleep 0.2; echo two; sleep 60; echo three");
  std::string told;
  std::size_t empty = 0;
  order.on_output = [&](std::string_view more) {
    if (more.empty()) ++empty;
    told += more;
    return told.find("two") == std::string::npos;
  };
  const auto start = std::chrono::steady_clock::now();
  const auto end = run_process(order);
  CHECK(std::chrono::steady_clock::now() - start < 20s);
  REQUIRE(end);
  CHECK(end->exit_code == 137);
  CHECK(told == "one\ntwo\n");
  CHECK(end->output == told);
  CHECK(empty > 1);

  ProcessOrder whole = shell("echo one; echo two; exit 3");
  told.clear();
  whole.on_output = [&](std::string_view more) {
    told += more;
    return true;
  };
  CHECK(run_process(whole)->exit_code == 3);
  CHECK(told == "one\ntwo\n");
}

TEST_CASE("a signal that ends a program counts as 128 and its number") {
  const auto end = run_process(shell("kill -KILL $$"));
  REQUIRE(end);
  CHECK(end->exit_code == 137);
}
