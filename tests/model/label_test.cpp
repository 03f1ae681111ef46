#include "model/label.h"

#include <catch2/catch.hpp>

namespace meshproof {
namespace {

TEST_CASE("a requirement treats an absent key as Kubernetes does") {
  struct Row {
    const char* name;
    LabelOperator op;
    std::vector<std::string> values;
    bool absent;  ///< what it says of an object without the key
    bool empty;   ///< of one with the key and an empty value
    bool web;     ///< of one with the value `web`
  };
  const auto row = GENERATE(values<Row>({
      {"In needs the key", LabelOperator::In, {"api", "web"}, false, false, true},
      {"In with an empty value needs the key", LabelOperator::In, {""}, false, true, false},
      {"NotIn holds without the key", LabelOperator::NotIn, {"web"}, true, true, false},
      {"NotIn with an empty value", LabelOperator::NotIn, {""}, true, false, true},
      {"Exists needs the key", LabelOperator::Exists, {}, false, true, true},
      {"DoesNotExist", LabelOperator::DoesNotExist, {}, true, false, false},
  }));
  DYNAMIC_SECTION(row.name) {
    SymbolTable symbols;
    const Symbol app = symbols.intern("app");
    LabelRequirement requirement{app, row.op, {}};
    for (const auto& value : row.values) requirement.values.push_back(symbols.intern(value));
    Labels other;
    other.set(symbols.intern("tier"), symbols.intern("web"));
    Labels empty = other;
    empty.set(app, symbols.intern(""));
    Labels web = other;
    web.set(app, symbols.intern("web"));
    CHECK(matches(requirement, other) == row.absent);
    CHECK(matches(requirement, empty) == row.empty);
    CHECK(matches(requirement, web) == row.web);
  }
}

TEST_CASE("a selector needs all its requirements, and none means everything") {
  SymbolTable symbols;
  const Symbol app = symbols.intern("app");
  const Symbol web = symbols.intern("web");
  Labels labels;
  CHECK(matches(LabelSelector{}, labels));
  LabelSelector selector{{{app, LabelOperator::In, {web}}, {app, LabelOperator::Exists, {}}}, {}};
  CHECK_FALSE(matches(selector, labels));
  labels.set(app, web);
  CHECK(matches(selector, labels));
  selector.requirements.push_back({app, LabelOperator::DoesNotExist, {}});
  CHECK_FALSE(matches(selector, labels));
}

TEST_CASE("setting a label again replaces its value") {
  SymbolTable symbols;
  const Symbol app = symbols.intern("app");
  Labels labels;
  labels.set(symbols.intern("tier"), symbols.intern("front"));
  labels.set(app, symbols.intern("web"));
  labels.set(app, symbols.intern("api"));
  CHECK(symbols.text(labels.find(app)) == "api");
  CHECK(labels.all().size() == 2);
  CHECK_FALSE(labels.find(symbols.intern("none")).is_valid());
}

TEST_CASE("a selector is printed in kubectl's words") {
  SymbolTable symbols;
  const auto symbol = [&](const char* text) { return symbols.intern(text); };
  CHECK(to_string(LabelSelector{}, symbols) == "all");
  const LabelSelector selector{{{symbol("app"), LabelOperator::In, {symbol("web")}},
                                {symbol("tier"), LabelOperator::In, {symbol("a"), symbol("b")}},
                                {symbol("zone"), LabelOperator::NotIn, {symbol("a")}},
                                {symbol("env"), LabelOperator::NotIn, {symbol("a"), symbol("b")}},
                                {symbol("new"), LabelOperator::Exists, {}},
                                {symbol("old"), LabelOperator::DoesNotExist, {}}},
                               {}};
  CHECK(to_string(selector, symbols) == "app=web,tier in (a,b),zone!=a,env notin (a,b),new,!old");
}

TEST_CASE("an empty value of a selector is not lost in print") {
  SymbolTable symbols;
  const Symbol none = symbols.intern("");
  const Symbol front = symbols.intern("front");
  const Symbol tier = symbols.intern("tier");
  const LabelSelector selector{{{tier, LabelOperator::In, {none, front}}}, {}};
  CHECK(to_string(selector, symbols) == "tier in (,front)");
}

}  // namespace
}  // namespace meshproof
