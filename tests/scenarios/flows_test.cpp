#include "scenarios/flows.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/scenarios/packed.h"

namespace meshproof {

namespace {

/// A file that is gone at the end of the test.
class FlowFile {
 public:
  explicit FlowFile(const std::string& text)
      : path_((std::filesystem::temp_directory_path() /
               ("meshproof-flows-test-" + std::to_string(::getpid())))
                  .string()) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~FlowFile() { std::filesystem::remove(path_); }
  FlowFile(const FlowFile&) = delete;
  FlowFile& operator=(const FlowFile&) = delete;

  [[nodiscard]] Result<ObservedFlows> read() const {
    Sources sources;
    return read_flows({path_}, sources);
  }

 private:
  const std::string path_;
};

ObservedFlows flows_in(const std::string& text) {
  const auto read = FlowFile(text).read();
  REQUIRE(read.has_value());
  return *read;
}

/// `LINE code`, one for each.
std::vector<std::string> errors_in(const std::string& text) {
  const auto read = FlowFile(text).read();
  std::vector<std::string> lines;
  if (read.has_value()) return lines;
  for (const Diagnostic& each : read.error()) {
    lines.push_back(std::to_string(each.place.line) + ' ' + each.code);
  }
  return lines;
}

constexpr std::string_view kFlow =
    R"({"SrcK8S_Namespace":"pay","SrcK8S_Name":"api-1","SrcK8S_Type":"Pod","SrcK8S_OwnerName":"api",)"
    R"("SrcK8S_OwnerType":"Deployment","DstAddr":"10.128.0.9","DstPort":8443,"Proto":6,)"
    R"("TimeFlowStartMs":1000,"TimeFlowEndMs":2000})";

}  // namespace

TEST_CASE("M6: flows of network observability, a line each, are counted by ends and port") {
  const ObservedFlows read = flows_in(std::string(kFlow) + "\n" + std::string(kFlow) + "\n");
  REQUIRE(read.flows.size() == 1);
  const ObservedFlow& flow = read.flows.front();
  CHECK(flow.count == 2);
  CHECK(flow.src == ObservedEnd{"pay", "Pod", "api-1", "Deployment", "api", {}});
  CHECK(flow.dst.address == IpAddress::parse("10.128.0.9"));
  CHECK(flow.protocol == Protocol::Tcp);
  CHECK(flow.port == 8443);
  CHECK(flow.place.line == 1);
  CHECK(read.first_ms == 1000);
  CHECK(read.last_ms == 2000);
}

TEST_CASE("M6: flows may be a list, have a count and other protocols") {
  const ObservedFlows read = flows_in(
      R"([{"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","DstPort":53,"Proto":17,"count":7},
          {"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","Proto":1},
          {"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","Proto":112}])");
  REQUIRE(read.flows.size() == 2);
  CHECK(read.flows.front().count == 7);
  CHECK(read.flows.front().protocol == Protocol::Udp);
  CHECK(read.flows.back().protocol == Protocol::Icmp);
}

TEST_CASE("M6: flows as CSV") {
  const ObservedFlows read = flows_in(
      "count,src,dst,protocol,port\r\n3,pay/Deployment/api,shop/web,tcp,8080\r\n\"4\",pay/"
      "Deployment/api,"
      "shop/web,6,8080\r\n1,203.0.113.9,shop/web,UDP,53\r\n");
  REQUIRE(read.flows.size() == 2);
  CHECK(read.flows.front().src.address == IpAddress::parse("203.0.113.9"));
  const ObservedFlow& api = read.flows.back();
  CHECK(api.src == ObservedEnd{"pay", "Deployment", "api", "", "", {}});
  CHECK(api.dst == ObservedEnd{"shop", "", "web", "", "", {}});
  CHECK(api.count == 7);
}

TEST_CASE("M6: flows that cannot be read are told with their lines") {
  using Lines = std::vector<std::string>;
  struct Row {
    const char* text;
    Lines errors;
  };
  const std::vector<Row> rows{
      {"", {"0 no-flows"}},
      {"a,b\n", {"1 bad-flow"}},
      {"src,dst,protocol,port\nweb,shop/web,TCP,1\na/b,c/d,XYZ,1\na/b,c/d,TCP,0\na/b,c/"
       "d,TCP,99999\n",
       {"2 bad-flow", "3 bad-flow", "4 bad-flow", "5 bad-flow"}},
      {"src,dst,protocol,port,count\na/b,c/d,TCP,1,0\na/b,\"c/d,TCP,1,1\na/b/c/d,c/d,TCP,1,1\n",
       {"2 bad-flow", "3 bad-flow", "4 bad-flow"}},
      {"{\"SrcAddr\":\"10.0.0.1\"}\n[1]\n", {"1 bad-flow", "2 bad-flow"}},
      {R"({"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","Proto":"TCP","DstPort":1})", {"1 bad-flow"}},
      {R"({"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","Proto":6,"DstPort":0})", {"1 bad-flow"}},
      {R"({"SrcAddr":"10.0.0.1","DstAddr":"10.0.0.2","Proto":6,"DstPort":1,"count":0})",
       {"1 bad-flow"}},
      {"{\"SrcAddr\":", {"1 json-syntax"}},
  };
  for (const Row& row : rows) {
    INFO(row.text);
    CHECK(errors_in(row.text) == row.errors);
  }
}

TEST_CASE("M6: flows may be packed by gzip") {
  CHECK(flows_in(gzip_of(std::string(kFlow))).flows.size() == 1);
}

}  // namespace meshproof
