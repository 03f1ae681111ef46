// The quirks of real input, by their numbers in the table of spec page inputs.md: how text is
// written, and files that are no manifests.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/scenarios/told.h"
#include "tests/support/yaml.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

std::string ns(const std::string& name) {
  return "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}\n";
}

std::string pod(const std::string& name, const std::string& metadata = "") {
  return "{apiVersion: v1, kind: Pod, metadata: {name: " + name + metadata + "}}\n";
}

/// The text as PowerShell's `>` writes it.
std::string utf16_of(const std::string& ascii) {
  std::string text = "\xff\xfe";
  for (const char c : ascii) text += {c, '\0'};
  return text;
}

}  // namespace

TEST_CASE("quirk 8: a byte order mark and CRLF do not shift columns, UTF-16 names PowerShell") {
  const std::string text =
      "apiVersion: v1\r\nkind: Pod\r\nmetadata:\r\n  name: p\r\n  namespace: a\r\n"
      "  labels: {x: yes}\r\n";
  const Lines told{
      "a.yaml:6:15: error[label-not-string]: the label x must be a string, yes is a "
      "boolean: quote it, \"yes\""};
  CHECK(reading_of(text).told == told);
  CHECK(reading_of("\xef\xbb\xbf" + text).told == told);
  CHECK(reading_of("\xef\xbb\xbf{apiVersion: v1, kind: Pod, metadata: {}}").told ==
        Lines{"a.yaml:1:39: error[missing-name]: this Pod has no metadata.name"});
  CHECK(reading_of(utf16_of(ns("a"))).told ==
        Lines{"a.yaml: error[utf-16]: this is UTF-16, as PowerShell's > writes it: write the file "
              "with | Out-File -Encoding utf8 instead"});
}

TEST_CASE("quirk 11: empty documents and markers are nothing, a file without objects is a note") {
  const InputReading reading = reading_of("%YAML 1.1\n---\n# x\n--- # comment\n...\n---\n" +
                                          ns("a") + "---\n" + ns("b") + "---\n");
  CHECK(reading.told.empty());
  CHECK(reading.input.objects.size() == 2);
  CHECK(reading.input.coverage.skipped_documents == 0);
  const auto* text = GENERATE("", "\n", "# only a comment\n", "---\n---\n", "--- # x\n...\n");
  CAPTURE(text);
  CHECK(reading_of(text).told ==
        Lines{"a.yaml: note[no-objects]: there is no object in this file"});
}

TEST_CASE("quirk 12: anchors and merge keys expand, bombs and custom tags are errors") {
  const InputReading reading = reading_of(R"(apiVersion: v1
kind: Pod
metadata: {name: p, namespace: a, labels: &own {app: web}}
spec: {x: {<<: *own, tier: back}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: a}
binaryData: {b: !!binary aGk=}
)");
  CHECK(reading.told.empty());
  const Tree& tree = *reading.input.objects.find("Pod", "a", "p")->tree;
  CHECK(tree.string_at({"spec", "x", "app"}) == "web");
  CHECK(tree.string_at({"spec", "x", "tier"}) == "back");
  CHECK(reading_of("{apiVersion: v1, kind: Pod, metadata: {name: !vault p}}").told ==
        Lines{"a.yaml:1:46: error[custom-tag]: the tag !vault has no meaning in a manifest: leave "
              "it out"});
}

TEST_CASE("quirk 12: in a directory the tags of other tools' files are no errors") {
  const TemporaryFolder folder;
  (void)folder.write("a.yaml", ns("a"));
  (void)folder.write("mkdocs.yml", "markdown_extensions:\n- emoji: !!python/name:emoji.twemoji\n");
  (void)folder.write("stack.yaml", "Resources: {Ip: !Ref Vpc}\n");
  const InputReading reading = reading_of({folder.path()}, folder.path());
  CHECK(reading.told.empty());
  CHECK(reading.input.coverage.skipped_documents == 2);
  (void)folder.write("b.yaml", "{apiVersion: v1, kind: Pod, metadata: {name: !vault p}}");
  (void)folder.write("c.yaml", "{Kind: Pod, metadata: {name: !vault p}}");
  CHECK(reading_of({folder.path()}, folder.path()).told.size() == 2);
}

TEST_CASE("quirk 13: an unquoted yes, on, 010 or 1e3 as a label is an error that says: quote it") {
  const auto* value = GENERATE("yes", "on", "No", "010", "1e3", "0x1f", "1_000", "true");
  const std::string seen{value};
  CHECK(reading_of(pod("p", ", namespace: a, labels: {x: " + seen + "}"))
            .told.at(0)
            .ends_with("quote it, \"" + seen + "\""));
  CHECK(reading_of(pod("p", ", namespace: a, labels: {x: \"" + seen + "\"}")).told.empty());
  Diagnostics told;
  const InputReading reading = reading_of(
      "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: a}, "
      "spec: {podSelector: {matchLabels: {inject: " +
      seen + "}}}}");
  (void)project(reading.input.objects, {}, told);
  CHECK(has_errors(told));
}

TEST_CASE("quirk 14: JSON is read as a stream, line by line or not, whatever the file's name") {
  const std::string a = R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"a"}})";
  const std::string b = R"({"apiVersion":"v1","kind":"Namespace","metadata":{"name":"b"}})";
  const auto text = GENERATE_COPY(values<std::string>(
      {a + "\n" + b, a + b, a + "\n\n" + b + "\n\n", a + "\n---\n" + b, "[" + a + "," + b + "]"}));
  CAPTURE(text);
  const InputReading reading = reading_of(text);
  if (text.starts_with('[')) {
    CHECK(reading.told ==
          Lines{"a.yaml:1:1: error[not-an-object]: a list of objects without kind: List: put it "
                "below items of one, or write --- between the objects"});
  } else {
    CHECK(reading.told.empty());
    CHECK(reading.input.objects.size() == 2);
  }
}

TEST_CASE("quirk 15: what helm template prints is read, without its tests and notes") {
  const std::string text = "---\n# Source: web/templates/pod.yaml\n" + pod("web") +
                           "---\n# Source: web/templates/tests/test.yaml\n" +
                           pod("test", ", annotations: {helm.sh/hook: test-success}") + "---\n" +
                           pod("job", ", annotations: {helm.sh/hook: pre-install}");
  const Lines test_dropped{
      "a.yaml:6:1: note[helm-test-dropped]: a test hook of a chart is not part of the cluster"};
  const InputReading named = reading_of(text, {.default_namespace = "shop"});
  CHECK(named.told == test_dropped);
  CHECK(named.input.objects.of_kind("Pod", "shop").size() == 2);
  const InputReading unnamed = reading_of(text);
  REQUIRE(unnamed.told.size() == 2);
  CHECK(unnamed.told.at(0) ==
        "a.yaml:3:1: warning[namespace-defaulted]: 2 objects name no namespace and are taken as in "
        "\"default\"; -n NS says another; this is the first");
  CHECK(unnamed.input.objects.of_kind("Pod", "default").size() == 2);
  CHECK(reading_of(text + "NOTES:\nThank you: [\n").told.at(0) ==
        "a.yaml:9:1: error[helm-notes]: the notes of a chart are not YAML: give the output of helm "
        "template or helm get manifest");
}

TEST_CASE("quirk 16: templates and kustomizations are refused with the command that renders them") {
  const TemporaryFolder folder;
  (void)folder.write("charts/web app/templates/web.yaml", "kind: Pod\nname: {{ .Release.Name }}\n");
  (void)folder.write("charts/web app/templates/x.yaml", "{{- if .Values.on }}\nkind: Pod\n");
  (void)folder.write("charts/web app/values.yaml", "replicas: 2\n");
  (void)folder.write("charts/web app/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");
  (void)folder.write("base/kustomization.yaml", "resources: [a.yaml]\n");
  (void)folder.write("old/Kustomization", "resources: [a.yaml]\n");
  (void)folder.write("base/part.yaml",
                     "{apiVersion: kustomize.config.k8s.io/v1alpha1, kind: Component}\n");
  (void)folder.write("shop.yaml",
                     "{apiVersion: template.openshift.io/v1, kind: Template, metadata: {name: x}, "
                     "objects: []}\n");
  (void)folder.write(".github/workflows/ci.yaml", "on: push\njobs: {}\n");
  const InputReading reading = reading_of({folder.path()}, folder.path() + "/");
  CHECK(reading.told ==
        Lines{"base/kustomization.yaml:1:1: error[kustomization]: a kustomization is not a "
              "manifest: give the output of oc kustomize base",
              "base/part.yaml:1:1: error[kustomization]: a kustomization is not a manifest: give "
              "the output of oc kustomize base",
              "charts/web app/templates/web.yaml:2:7: error[template-not-rendered]: a template, "
              "not a manifest: give the output of helm template 'charts/web app'",
              "old/Kustomization:1:1: error[kustomization]: a kustomization is not a manifest: "
              "give the output of oc kustomize old",
              "shop.yaml:1:1: error[template-not-rendered]: a template, not a manifest: give the "
              "output of oc process --local -f shop.yaml"});
  CHECK(reading.input.coverage.skipped_documents == 3);
}

TEST_CASE("quirk 16: a Template that an API server holds is an object") {
  CHECK(reading_of("{apiVersion: template.openshift.io/v1, kind: Template, metadata: {name: x, "
                   "namespace: openshift, uid: u}, objects: []}")
            .told.empty());
}

TEST_CASE("quirk 17: the order of objects does not matter, and last-applied is no state") {
  const std::string policy =
      "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: n, namespace: a, "
      "annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"spec\": "
      "{\"podSelector\":"
      " {\"matchLabels\": {\"app\": \"old\"}}}}'}}, spec: {podSelector: {}}}\n";
  const Cluster one = cluster_from(policy + "---\n" + ns("a"));
  const Cluster other = cluster_from(ns("a") + "---\n" + policy);
  REQUIRE(one.policies.size() == 1);
  CHECK(one.policies.front().pods.matches_everything());
  CHECK(other.policies.size() == 1);
  CHECK(one.namespaces.size() == other.namespaces.size());
}
