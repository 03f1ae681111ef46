#include "tests/backends/scripted_transport.h"

#include <algorithm>

namespace meshproof {
namespace {

class ScriptedTransport final : public HttpTransport {
 public:
  explicit ScriptedTransport(Script& script) : script_(&script) {}

  std::string server() const override { return "https://api.test:6443"; }

  HttpResult<HttpResponse> send(const HttpRequest& request) override {
    script_->requests.push_back(request);
    const auto found = script_->answers.find(request.method + ' ' + request.path);
    if (found == script_->answers.end()) return HttpResponse{404, "404 page not found\n", {}};
    auto answer = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    return answer;
  }

  HttpResult<std::vector<HttpResponse>> stream(const std::vector<HttpRequest>& requests,
                                               std::chrono::milliseconds at_most,
                                               const OnLine& on_line) override {
    script_->watches.push_back(requests);
    ScriptedStream stream;
    if (!script_->streams.empty()) {
      stream = std::move(script_->streams.front());
      script_->streams.pop_front();
    }
    if (stream.failure) return tl::unexpected(*stream.failure);
    stream.answers.resize(requests.size(), HttpResponse{200, {}, {}});
    for (const auto& line : stream.lines) {
      if (!on_line(line.index, line.text)) return stream.answers;
    }
    script_->clock.pass(stream.time.count() == 0 ? at_most : stream.time);
    return stream.answers;
  }

 private:
  Script* script_;
};

constexpr const char* kCore = R"({"kind":"APIGroupDiscoveryList","items":[{"metadata":{},
 "versions":[{"version":"v1","resources":[
  {"resource":"configmaps","responseKind":{"group":"","version":"v1","kind":"ConfigMap"},
   "scope":"Namespaced","verbs":["get","list"]},
  {"resource":"namespaces","responseKind":{"kind":"Namespace"},"scope":"Cluster",
   "verbs":["get","list"]}]}]}]})";
constexpr const char* kGroups = R"({"kind":"APIGroupDiscoveryList","items":[
 {"metadata":{"name":"networking.k8s.io"},"versions":[{"version":"v1","resources":[
  {"resource":"networkpolicies","responseKind":{"kind":"NetworkPolicy"},"scope":"Namespaced",
   "verbs":["get","list"]}]}]}]})";

}  // namespace

void Script::answer(const std::string& request, int status, const std::string& body,
                    std::optional<std::chrono::seconds> retry_after) {
  answers[request].push_back(HttpResponse{status, body, retry_after});
}

void Script::fail(const std::string& request, HttpFailure failure) {
  answers[request].push_back(tl::unexpected(std::move(failure)));
}

void Script::serve() {
  answer("GET /api", 200, kCore);
  answer("GET /apis", 200, kGroups);
}

std::vector<std::string> Script::asked() const {
  std::vector<std::string> all;
  for (const HttpRequest& each : requests) {
    if (each.path != "/api" && each.path != "/apis") all.push_back(each.method + ' ' + each.path);
  }
  return all;
}

std::unique_ptr<HttpTransport> scripted_transport(Script& script) {
  return std::make_unique<ScriptedTransport>(script);
}

std::string status_json(int code, const std::string& reason, const std::string& message,
                        const std::string& details) {
  return R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":")" +
         message + R"(","reason":")" + reason + R"(","details":)" + details + R"(,"code":)" +
         std::to_string(code) + "}";
}

}  // namespace meshproof
