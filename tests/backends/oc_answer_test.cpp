#include <string>

#include <catch2/catch.hpp>

#include "backends/oc/answer.h"
#include "backends/oc/path.h"
#include "model/json_value.h"

namespace meshproof::oc {
namespace {

struct Row {
  std::string errors;
  int status = 0;  ///< 0: no answer
  std::string reason = {};
  std::string message = {};
  std::string name = {};
};

ProcessEnd refused(std::string errors) {
  return {.exit_code = 1, .output = {}, .errors = std::move(errors)};
}

}  // namespace

TEST_CASE("the words of oc about a refusal become the status that they were made of") {
  const Row row = GENERATE(values<Row>({
      {"Error from server (NotFound): configmaps \"a\" not found\n", 404, "NotFound",
       "configmaps \"a\" not found", "a"},
      {"Error from server (NotFound): the server could not find the requested resource\n", 404,
       "NotFound", "the server could not find the requested resource"},
      {"Error from server (AlreadyExists): namespaces \"shop\" already exists\n", 409,
       "AlreadyExists", "namespaces \"shop\" already exists"},
      {"Warning: old\nError from server (Conflict): Operation cannot be fulfilled on x\n", 409,
       "Conflict", "Operation cannot be fulfilled on x"},
      {"Error from server (Forbidden): pods is forbidden: User \"bob\" cannot list\n", 403,
       "Forbidden", "pods is forbidden: User \"bob\" cannot list"},
      {"Error from server (Expired): too old resource version: 1 (9)\n", 410, "Expired",
       "too old resource version: 1 (9)"},
      {"Error from server (TooManyRequests): wait\n", 429, "TooManyRequests", "wait"},
      {"Error from server: failed to create typed patch object (shop/a): .x: no\n", 500, "",
       "failed to create typed patch object (shop/a): .x: no"},
      {"error: You must be logged in to the server (Unauthorized)\n", 401, "Unauthorized",
       "You must be logged in to the server (Unauthorized)"},
      {"error: Operation cannot be fulfilled on configmaps \"a\": the object has been modified\n"
       "Please review the fields above\n",
       409, "Conflict",
       "Operation cannot be fulfilled on configmaps \"a\": the object has been modified"},
      {"error: Apply failed with 1 conflict: conflict with \"x\": .data\n", 409, "Conflict",
       "Apply failed with 1 conflict: conflict with \"x\": .data"},
      {"The NetworkPolicy \"deny\" is invalid: \n* spec.a: bad\n* spec.b: bad\n", 422, "Invalid",
       "The NetworkPolicy \"deny\" is invalid: \n* spec.a: bad\n* spec.b: bad\n"},
      {"error: context \"nope\" does not exist\n", 400, "", "context \"nope\" does not exist"},
      {"", 400, "", "it ended with exit code 1"},
  }));
  INFO(row.errors);
  const auto answer = answer_of(refused(row.errors), "GET");
  REQUIRE(answer.has_value());
  CHECK(answer->status == row.status);
  const auto status = parse_json(answer->body);
  REQUIRE(status.has_value());
  CHECK(status->string_at({"kind"}) == "Status");
  CHECK(status->string_at({"reason"}) == row.reason);
  CHECK(status->string_at({"message"}) == row.message);
  CHECK(status->string_at({"details", "name"}) == row.name);
}

TEST_CASE("what oc says where no server was reached is no answer") {
  const auto unreached = answer_of(
      refused("The connection to the server 127.0.0.1:1 was refused - did you specify it?\n"),
      "GET");
  REQUIRE_FALSE(unreached.has_value());
  CHECK_FALSE(unreached.error().was_sent);
  const auto lost = answer_of(refused("error: Post \"https://a/b\": unexpected EOF\n"), "POST");
  REQUIRE_FALSE(lost.has_value());
  CHECK(lost.error().was_sent);
}

TEST_CASE("what oc prints is the answer's body") {
  const auto answer = answer_of({.exit_code = 0, .output = "{}", .errors = "Warning: x\n"}, "POST");
  REQUIRE(answer.has_value());
  CHECK(answer->status == 201);
  CHECK(answer->body == "{}");
}

TEST_CASE("paths of objects are read as kubectl names the objects") {
  const auto policy =
      object_path("/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/a%3Ab?force=true");
  REQUIRE(policy.has_value());
  CHECK(policy->resource() == "networkpolicies.v1.networking.k8s.io");
  CHECK(policy->ns == "shop");
  CHECK(policy->name == "a:b");
  CHECK(policy->query == "force=true");
  const auto ns = object_path("/api/v1/namespaces/shop");
  REQUIRE(ns.has_value());
  CHECK(ns->resource() == "namespaces.v1.");
  CHECK(ns->ns.empty());
  CHECK(ns->name == "shop");
  CHECK_FALSE(object_path("/api/v1/namespaces").has_value());
  CHECK_FALSE(object_path("/api/v1/namespaces/shop/pods/web/log").has_value());
  CHECK_FALSE(object_path("/version").has_value());
}

}  // namespace meshproof::oc
