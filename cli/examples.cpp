#include "cli/examples.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace meshproof {
namespace {

constexpr std::array kExamples{
    Example{"plan", "what happens to everybody when the project shop joins the mesh",
            "meshproof plan -f cluster.yaml --join shop"},
    Example{"plan", "with statements of your own, and what was seen on the network",
            "meshproof plan -f cluster.yaml --join shop --assert assertions.yaml --flows "
            "flows.json"},
    Example{"plan", "an order in which no moment is bad, written down for apply",
            "meshproof plan -f cluster.yaml --join shop --safe --out plan.json"},
    Example{"plan", "an edit that another program prints, for a program that reads the result",
            "cat roll.yaml | meshproof plan -f cluster.yaml --change - -o json"},
    Example{"apply", "show what would be written, and write nothing", "meshproof apply plan.json"},
    Example{"apply", "carry the plan out with the rights of your kubeconfig",
            "meshproof apply plan.json --backend kube"},
    Example{"apply", "go on after the run was interrupted, or take back what it wrote",
            "meshproof apply plan.json --backend kube --resume"},
    Example{"plan wait", "in a pipeline: after Argo CD has synced the roll, wait for the effect",
            "meshproof plan wait plan.json --timeout 300"},
    Example{"plan wait", "only until the first stage of a safe order is in effect",
            "meshproof plan wait plan.json --stage 1 --context prod"},
    Example{"verify", "are the tenants of all meshes kept apart",
            "meshproof verify -f cluster.yaml --assert builtin:tenancy"},
    Example{"verify", "your own statements, and each verdict worked out a second time",
            "meshproof verify -f cluster.yaml --assert assertions.yaml --recheck"},
    Example{"diff", "what became reachable between two dumps; exit 1 if anything did",
            "meshproof diff -f before/ --to after/ --exit-code"},
    Example{"diff", "what a migration to OVN-Kubernetes changes, by which rules",
            "meshproof diff -f cluster.yaml --dialect-to ovn-kubernetes"},
    Example{"diff", "do two versions of the policies admit the same, whatever pods there will be",
            "meshproof diff -f before/ --to after/ --semantic"},
    Example{"reach", "how open the cluster is, in numbers",
            "meshproof reach -f cluster.yaml --summary"},
    Example{"reach", "who reaches the project shop, from outside of it or inside",
            "meshproof reach -f cluster.yaml --to ns=shop"},
    Example{"reach", "a table of who may open SSH anywhere, for a spreadsheet",
            "meshproof reach -f cluster.yaml --port 22/TCP -o csv --out ssh.csv"},
    Example{"explain", "why a pod reaches a Service, or why not",
            "meshproof explain -f cluster.yaml payments/Deployment/api svc:shop/orders --port "
            "8443"},
    Example{"explain", "from the internet to a pod, every port",
            "meshproof explain -f cluster.yaml outside shop/web-1"},
    Example{"explain", "what decides a statement",
            "meshproof explain -f cluster.yaml --assert assertions.yaml"},
    Example{"paths", "how an intruder who is inside payments gets to the orders of shop",
            "meshproof paths -f cluster.yaml ns=payments shop/orders-1"},
    Example{"paths", "from the internet, in at most three hops, as a picture for Graphviz",
            "meshproof paths -f cluster.yaml outside ns=shop --max-hops 3 -o dot"},
    Example{"probe", "exact verdicts for a list of flows, with their reasons",
            "meshproof probe -f cluster.yaml --probes probes.yaml -o json"},
    Example{"probe", "the same under another network",
            "meshproof probe -f cluster.yaml --probes probes.yaml --dialect ovn-kubernetes"},
    Example{"lint", "what is wrong in a folder of manifests or a dump",
            "meshproof lint -f manifests/"},
    Example{"lint", "in a pipeline: fail for warnings too, but not for one rule",
            "meshproof lint -f cluster.yaml --fail-on warning --without MP0101"},
    Example{"lint", "only what was not wrong already when the baseline was written",
            "meshproof lint -f cluster.yaml --baseline baseline.sarif"},
    Example{"lint", "what a rule finds, with an example of it and how to mend it",
            "meshproof lint --explain MP0101"},
    Example{"report", "one page for an auditor: who reaches whom, and what proves it",
            "meshproof report -f cluster.yaml -o html --out report.html"},
    Example{"report", "of an edit, with both states side by side",
            "meshproof report -f cluster.yaml --join shop -o html --out report.html"},
    Example{"report", "in a pipeline: page, alerts, tests and the comment in one run",
            "meshproof report -f cluster.yaml --change roll.yaml -o html --out report.html --also "
            "sarif=meshproof.sarif --also junit=junit.xml --also markdown=comment.md"},
    Example{"suggest", "the policy that lets the API go on calling shop after the join",
            "meshproof suggest -f cluster.yaml --join shop --keep "
            "payments/Deployment/api=svc:shop/orders:8443"},
    Example{"suggest", "the same as a manifest",
            "meshproof suggest -f cluster.yaml --join shop --keep "
            "payments/Deployment/api=svc:shop/orders:8443 -o yaml --out keep.yaml"},
    Example{"drift", "what somebody changed or deleted of what the mesh has written",
            "meshproof drift -f cluster.yaml"},
    Example{"drift", "the same of a live cluster, failing for warnings too",
            "meshproof drift --context prod --fail-on warning"},
    Example{"generate", "a cluster of 1,000 pods to try things on",
            "meshproof generate --namespaces 50 --pods 20 --members 10 -o big.yaml"},
    Example{"generate", "another of the same size, as Deployments, in mode multitenant",
            "meshproof generate --sdn multitenant --kind Deployment --seed 7 | meshproof reach -f "
            "- --summary"},
    Example{"snapshot", "the whole cluster of your kubeconfig's context, packed",
            "meshproof snapshot -o snapshot.json.gz"},
    Example{"snapshot", "two projects and what belongs to them, without what is confidential",
            "meshproof snapshot --context prod -n shop payments --redact -o shop.json"},
    Example{"snapshot", "the lines of oc for somebody who has the rights",
            "meshproof snapshot --print-oc -o dump"},
    Example{"scenario run", "do the worked examples meet their expectations",
            "meshproof scenario run /usr/share/meshproof/library"},
    Example{"scenario run", "your own: folders with a scenario.yaml each",
            "meshproof scenario run scenarios/"},
    Example{"completion", "for this shell, until it ends (bash)",
            "eval \"$(meshproof completion bash)\""},
    Example{"completion", "for every zsh", "meshproof completion zsh --out ~/.zfunc/_meshproof"},
    Example{"completion", "for every fish",
            "meshproof completion fish --out ~/.config/fish/completions/meshproof.fish"},
    Example{"man", "read the manual page", "meshproof man | man -l -"},
    Example{"man", "write it where man finds it",
            "meshproof man --out ~/.local/share/man/man1/meshproof.1"},
};

}  // namespace

std::vector<Example> examples_of(const Command& command) {
  std::vector<Example> examples;
  std::ranges::copy_if(kExamples, std::back_inserter(examples),
                       [&](const Example& each) { return each.command == command.name; });
  return examples;
}

}  // namespace meshproof
