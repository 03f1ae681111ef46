#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/scenarios/told.h"

using namespace meshproof;

namespace {

using Lines = std::vector<std::string>;

/// An object of one line.
std::string pod(const std::string& metadata) {
  return "{apiVersion: v1, kind: Pod, metadata: " + metadata + "}\n";
}

}  // namespace

TEST_CASE("what the API server would refuse is an error with a place") {
  struct Row {
    std::string text;
    Lines told;
  };
  const auto row = GENERATE(values<Row>({
      {pod("{namespace: a, name: b, labels: {x: yes}}"),
       {"a.yaml:1:75: error[label-not-string]: the label x must be a string, yes is a boolean: "
        "quote it, \"yes\""}},
      {pod("{namespace: a, name: b, annotations: {x: 010}}"),
       {"a.yaml:1:80: error[label-not-string]: the annotation x must be a string, 010 is a number: "
        "quote it, \"010\""}},
      {pod("{namespace: a, name: b, labels: {x: 1e3, y: {z: w}}}"),
       {"a.yaml:1:75: error[label-not-string]: the label x must be a string, 1e3 is a number: "
        "quote "
        "it, \"1e3\"",
        "a.yaml:1:83: error[label-not-string]: the label y must be a string, this is a mapping",
        "a.yaml:1:80: warning[ambiguous-scalar]: y is a boolean to kubectl, here it is the letter: "
        "quote it, \"y\""}},
      {pod("{namespace: a, name: b, labels: [x]}"),
       {"a.yaml:1:71: error[wrong-type]: metadata.labels must be a mapping, this is a list"}},
      {pod("{namespace: a, name: b, labels: {x: }}"),
       {"a.yaml:1:75: warning[label-without-value]: the label x has no value, which the API server "
        "reads as \"\""}},
      {pod("{namespace: a, name: b, labels: {\"a b\": \"c d\"}}"),
       {"a.yaml:1:72: error[bad-label]: \"a b\" is no key of a label: it may have letters, digits, "
        "'-', '_' and '.', at most 63, after an optional domain and '/'",
        "a.yaml:1:79: error[bad-label]: \"c d\" is no value of a label: it may have letters, "
        "digits, "
        "'-', '_' and '.', at most 63"}},
      {pod("{namespace: a}"), {"a.yaml:1:39: error[missing-name]: this Pod has no metadata.name"}},
      {"apiVersion: v1\nkind: Pod\n",
       {"a.yaml:1:1: error[missing-name]: this Pod has no metadata.name"}},
      {pod("x"), {"a.yaml:1:39: error[wrong-type]: metadata must be a mapping, this is a string"}},
      {pod("{namespace: a, name: 5}"),
       {"a.yaml:1:60: error[wrong-type]: metadata.name must be a string, 5 is a number: quote it, "
        "\"5\""}},
      {pod("{namespace: a, name: A_b}"),
       {"a.yaml:1:60: error[bad-name]: \"A_b\" is no name of a Pod: it may have lower-case "
        "letters, "
        "digits, '-' and '.', at most 253"}},
      {pod("{namespace: a/b, name: c}"),
       {"a.yaml:1:51: error[bad-name]: \"a/b\" is no name of a namespace: it may have lower-case "
        "letters, digits and '-', at most 63"}},
      {"{apiVersion: v1, kind: Namespace, metadata: {name: a.b}}",
       {"a.yaml:1:52: error[bad-name]: \"a.b\" is no name of a Namespace: it may have lower-case "
        "letters, digits and '-', at most 63"}},
      {"{apiVersion: x/v1, kind: Thing, metadata: {namespace: a, name: b/c}}",
       {"a.yaml:1:64: error[bad-name]: \"b/c\" is no name: it may not have '/' or '%'"}},
      {"{apiVersion: v1, kind: NetworkPolicy, metadata: {namespace: a, name: b}}",
       {"a.yaml:1:24: error[wrong-group]: there is no NetworkPolicy in v1; did you mean "
        "networking.k8s.io/v1?"}},
      {"{apiVersion: v1, kind: [Pod], metadata: {name: b}}",
       {"a.yaml:1:24: error[wrong-type]: kind must be a nonempty string"}},
      {"{kind: Pod, metadata: {name: b}}",
       {"a.yaml:1:1: error[missing-api-version]: this object has no apiVersion"}},
      {"{apiVersion: v1, metadata: {name: b}}",
       {"a.yaml:1:1: error[missing-kind]: this object has no kind"}},
      {"{apiversion: v1, Kind: Pod, spec: {}}",
       {"a.yaml:1:18: error[missing-kind]: this object has no kind: \"Kind\" is spelled kind"}},
      {"{apiversion: v1, kind: Pod, spec: {}}",
       {"a.yaml:1:2: error[missing-api-version]: this object has no apiVersion: \"apiversion\" is "
        "spelled apiVersion"}},
      {"[{apiVersion: v1, kind: Pod, metadata: {name: b}}]",
       {"a.yaml:1:1: error[not-an-object]: a list of objects without kind: List: put it below "
        "items of one, or write --- between the objects"}},
      {"{apiVersion: v1, kind: PodList}",
       {"a.yaml:1:1: error[list-without-items]: this PodList has no items"}},
      {"{apiVersion: v1, kind: List, items: {}}",
       {"a.yaml:1:37: error[wrong-type]: items must be a list of objects"}},
      {"{apiVersion: v1, kind: List, items: [x]}",
       {"a.yaml:1:38: error[wrong-type]: an item of a list must be an object"}},
      {"{apiVersion: v1, kind: List, coverage: {}, items: []}",
       {"a.yaml:1:40: error[wrong-type]: the coverage of a List is not as meshproof writes it: "
        "sources must be a list"}},
      {"{apiVersion: v1, kind: List, coverage: {sources: [], ledger: [x]}, items: []}",
       {"a.yaml:1:63: error[wrong-type]: the coverage of a List is not as meshproof writes it: "
        "collected must be listed, cut-off, denied, never-collected or assumed"}},
      {"{apiVersion: v1, kind: List, coverage: {sources: [], ledger: [{collected: listed, objects: "
       "-1, namespaces: {}}]}, items: []}",
       {"a.yaml:1:92: error[wrong-type]: the coverage of a List is not as meshproof writes it: a "
        "count must be a number"}},
      {"{apiVersion: v1, kind: List, coverage: {sources: [], ledger: [{collected: listed}]}, "
       "items: []}",
       {"a.yaml:1:63: error[wrong-type]: the coverage of a List is not as meshproof writes it: "
        "namespaces must be a mapping"}},
      {"replicas: 2\n",
       {"a.yaml:1:1: error[not-an-object]: no apiVersion and kind: this is not a manifest; a "
        "chart's "
        "values go to helm template, whose output can be read"}},
      {"# nothing\n", {"a.yaml: note[no-objects]: there is no object in this file"}},
      {"{apiVersion: kustomize.config.k8s.io/v1beta1, kind: Kustomization}",
       {"a.yaml:1:1: error[kustomization]: a kustomization is not a manifest: give the output of "
        "oc "
        "kustomize ."}},
      {"kind: Pod\nmetadata:\n  name: {{ .Release.Name }}\n",
       {"a.yaml:3:9: error[template-not-rendered]: a template, not a manifest: give the output of "
        "helm template CHART"}},
      {"{{- if .Values.on }}\nkind: Pod\n{{- end }}\n",
       {"a.yaml:1:1: error[template-not-rendered]: a template, not a manifest: give the output of "
        "helm template CHART"}},
      {pod("{namespace: a, name: b}") + "NOTES:\nThank you for installing.\n",
       {"a.yaml:2:1: error[helm-notes]: the notes of a chart are not YAML: give the output of helm "
        "template or helm get manifest"}},
  }));
  CAPTURE(row.text);
  CHECK(told_of(row.text) == row.told);
}

TEST_CASE("what is read with a doubt is a warning with a place") {
  struct Row {
    std::string text;
    Lines told;
  };
  const auto row = GENERATE(values<Row>({
      {pod("{name: b}"),
       {"a.yaml:1:1: warning[namespace-defaulted]: 1 object names no namespace and is taken as in "
        "\"default\"; -n NS says another"}},
      {pod("{name: b}") + "---\n" + pod("{name: c}"),
       {"a.yaml:1:1: warning[namespace-defaulted]: 2 objects name no namespace and are taken as in "
        "\"default\"; -n NS says another; this is the first"}},
      {"{apiVersion: extensions/v1beta1, kind: NetworkPolicy, metadata: {namespace: a, name: b}}",
       {"a.yaml:1:40: warning[old-group]: extensions/v1beta1 NetworkPolicy is read as "
        "networking.k8s.io/v1"}},
      {pod("{namespace: a, name: b}") + "---\nspec: {podSelector: {}}\n",
       {"a.yaml:3:1: warning[skipped-document]: no apiVersion and kind: this is no object, and is "
        "left out"}},
      {"{apiVersion: maistra.io/v9, kind: ServiceMeshMemberRoll, metadata: {namespace: a, name: "
       "default}}",
       {"a.yaml:1:35: warning[unknown-version]: maistra.io/v9 ServiceMeshMemberRoll is not known, "
        "and is read as maistra.io/v1"}},
      {"{apiVersion: networking.k8s.io/v1, kind: Networkpolicy, metadata: {namespace: a, name: b}}",
       {"a.yaml:1:42: warning[unknown-kind]: the kind Networkpolicy is not known in "
        "networking.k8s.io/v1; did you mean NetworkPolicy?"}},
      {"{apiVersion: v1, kind: PodList, metadata: {continue: abc}, items: []}",
       {"a.yaml:1:54: warning[list-cut-off]: the list of Pod objects was cut off after 0: "
        "metadata.continue is set; read it again without a limit"}},
      {pod("{namespace: a, name: b, annotations: {helm.sh/hook: test}}"),
       {"a.yaml:1:1: note[helm-test-dropped]: a test hook of a chart is not part of the cluster"}},
  }));
  CAPTURE(row.text);
  CHECK(told_of(row.text) == row.told);
}

TEST_CASE("one object that stands twice is one, or an error that names both") {
  const auto text = [](const char* first, const char* second) {
    return pod(first) + "---\n" + pod(second);
  };
  CHECK(told_of(text("{namespace: a, name: b}", "{name: b, namespace: a}")).empty());
  CHECK(told_of(text("{namespace: a, name: b, uid: u, resourceVersion: \"9\"}",
                     "{namespace: a, name: b, uid: u, resourceVersion: \"9\", labels: {}}"))
            .empty());
  CHECK(told_of(text("{namespace: a, name: b, uid: u, resourceVersion: \"10\"}",
                     "{namespace: a, name: b, uid: u, resourceVersion: \"9\"}")) ==
        Lines{"a.yaml:1:1: note[object-twice]: Pod a/b was read twice; resourceVersion 10 is newer "
              "than 9 (a.yaml:3:1: not this one)"});
  CHECK(told_of(text("{namespace: a, name: b, uid: u}", "{namespace: a, name: b, uid: w}")) ==
        Lines{"a.yaml:3:1: error[conflicting-objects]: Pod a/b stands here with uid w, elsewhere "
              "with u: one was deleted and made again between two dumps, or they are of two "
              "clusters (a.yaml:1:1: first here)"});
  CHECK(
      told_of(text("{namespace: a, name: b}", "{namespace: a, name: b, labels: {}}")) ==
      Lines{"a.yaml:3:1: error[conflicting-objects]: Pod a/b stands twice with different content; "
            "what a change would write goes to --change (a.yaml:1:1: first here)"});
}

TEST_CASE("files of two clusters are told once") {
  const std::string other =
      pod("{namespace: a, name: b, uid: u}") + "---\n" + pod("{namespace: a, name: b, uid: w}");
  const std::string ns = "{apiVersion: v1, kind: Namespace, metadata: {name: kube-system, uid: ";
  CHECK(told_of(ns + "k1}}\n---\n" + ns + "k2}}\n---\n" + other) ==
        Lines{"a.yaml:3:1: error[two-clusters]: these files are from two clusters: kube-system has "
              "uid k2 here, k1 there; give each of them with --cluster NAME=INPUT (a.yaml:1:1: the "
              "other cluster)"});
  const std::string version =
      "{apiVersion: config.openshift.io/v1, kind: ClusterVersion, metadata: {name: version}, spec: "
      "{clusterID: ";
  CHECK(told_of(version + "c1}}\n---\n" + version + "c2}}\n") ==
        Lines{"a.yaml:3:105: error[two-clusters]: these files are from two clusters: clusterID c2 "
              "here, c1 there; give each of them with --cluster NAME=INPUT (a.yaml:1:105: the "
              "other cluster)"});
}

TEST_CASE("bytes that are no text are explained") {
  using namespace std::string_literals;
  CHECK(told_of("\xff\xfe"s + "k\0i\0"s) ==
        Lines{"a.yaml: error[utf-16]: this is UTF-16, as PowerShell's > writes it: write the file "
              "with | Out-File -Encoding utf8 instead"});
  CHECK(told_of("k\0i\0n\0"s).at(0).find("[utf-16]") != std::string::npos);
  CHECK(told_of("a: b\nc: \xff\n") ==
        Lines{"a.yaml:2:4: error[not-utf8]: the byte 0xff is not UTF-8 here"});
  CHECK(told_of("a: \x04\n") == Lines{"a.yaml:1:4: error[control-character]: the control character "
                                      "0x04 does not belong in a manifest"});
  CHECK(
      told_of(std::string{"\xfd\x37zXZ\0", 6}, "x.yaml.xz") ==
      Lines{"x.yaml.xz: error[archive]: this is an xz file: unpack it first, xz -d x.yaml.xz, and "
            "give what comes out"});
}
