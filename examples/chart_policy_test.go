package examples_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// peer is something in the network: a pod, or an address outside the cluster.
type peer struct {
	name      string
	namespace string // "" outside the cluster
	labels    map[string]any
	address   string
	ours      bool // a pod of the release
}

// others are around the release, which is in namespace component.
var others = []peer{
	{name: "ingress", namespace: "ingress-nginx", labels: map[string]any{"app.kubernetes.io/component": "controller"}},
	{name: "prometheus", namespace: "monitoring", labels: map[string]any{"app": "prometheus"}},
	{name: "dns", namespace: "kube-system", labels: map[string]any{"k8s-app": "kube-dns"}},
	{name: "kube-system", namespace: "kube-system", labels: map[string]any{"k8s-app": "other"}},
	{name: "database", namespace: "component", labels: map[string]any{"cnpg.io/cluster": "verhuizing-db"}},
	{name: "db", namespace: "component", labels: map[string]any{"cnpg.io/cluster": "db"}},
	{name: "other-outway", namespace: "component", labels: map[string]any{"app.kubernetes.io/name": "open-fsc-outway"}},
	{name: "other-inway", namespace: "component", labels: map[string]any{"app.kubernetes.io/name": "open-fsc-inway"}},
	{name: "fsc-manager", namespace: "fsc", labels: map[string]any{"app": "manager"}},
	{name: "keycloak", namespace: "keycloak", labels: map[string]any{"app": "keycloak"}},
	{name: "scanner", namespace: "scannen", labels: map[string]any{"app": "scanner"}},
	// Of a second release of the same chart in the same namespace, and in another one.
	{name: "neighbour", namespace: "component", labels: ownLabels("acceptatie", "interactie")},
	{name: "namesake", namespace: "elsewhere", labels: ownLabels("proef", "interactie")},
	{name: "stranger", namespace: "component", labels: map[string]any{"app": "shop"}},
	{name: "internet", address: "203.0.113.99"},
	{name: "metadata", address: "169.254.169.254"},
	{name: "intranet", address: "10.1.2.99"},
	{name: "source-token", address: "203.0.113.20"},
	{name: "source", address: "192.0.2.80"},
	{name: "logboek", address: "198.51.100.7"},
	{name: "login", address: "198.51.100.1"},
	{name: "far-database", address: "10.1.2.3"},
	{name: "far-outway", address: "10.1.2.4"},
	{name: "far-inway", address: "10.1.2.5"},
}

func ownLabels(release, part string) map[string]any {
	return map[string]any{"app.kubernetes.io/name": "verhuizing", "app.kubernetes.io/instance": release, "app.kubernetes.io/component": part}
}

var tried = []string{"TCP 22", "TCP 53", "UDP 53", "TCP 80", "TCP 443", "TCP 3310", "TCP 5432", "TCP 6443", "TCP 8080", "TCP 8081", "TCP 8082", "TCP 8083", "TCP 8084", "TCP 8443", "TCP 9090", "TCP 9443", "TCP 9444"}

// peersOf are the pods of the release, one of each kind, and all others.
func peersOf(all []resource) []peer {
	found := append(slices.Clone(others), peer{name: "what comes later", namespace: "component", labels: ownLabels("proef", "later"), ours: true})
	for _, r := range all {
		if pod := r.pod(); pod != nil {
			labels, _ := dig(pod, "metadata", "labels").(map[string]any)
			found = append(found, peer{name: fmt.Sprint(labels["app.kubernetes.io/component"]), namespace: "component", labels: labels, ours: true})
		}
	}
	for i := range found {
		if found[i].address == "" {
			found[i].address = fmt.Sprintf("10.244.0.%d", i+1) // pods have addresses too
		}
	}
	return found
}

// calls are all that the policies allow to or from a pod of the release, as
// "from → to protocol port". A call between two of its pods that only one of the two
// sides allows goes nowhere; it is "from ⇢ to", since it would if the other side erred.
func calls(t *testing.T, all []resource) []string {
	t.Helper()
	var policies []resource
	for _, r := range all {
		if r.kind() == "NetworkPolicy" {
			policies = append(policies, r)
		}
	}
	var allowed []string
	pods := peersOf(all)
	for _, from := range pods {
		for _, to := range pods {
			if !from.ours && !to.ours { // a part is no friend of itself either
				continue
			}
			for _, port := range tried {
				out, in := passes(t, policies, "Egress", from, to, port), passes(t, policies, "Ingress", to, from, port)
				switch {
				case out && in:
					allowed = append(allowed, from.name+" → "+to.name+" "+port)
				case out != in && from.ours && to.ours:
					allowed = append(allowed, from.name+" ⇢ "+to.name+" "+port)
				}
			}
		}
	}
	slices.Sort(allowed)
	return allowed
}

// passes says whether the policies on one side of a call let it through: without a
// policy for that side everything passes, and with one what some rule names.
func passes(t *testing.T, policies []resource, side string, pod, other peer, port string) bool {
	t.Helper()
	shut := false
	for _, p := range policies {
		types := items(p, "spec", "policyTypes")
		if pod.namespace != dig(p, "metadata", "namespace") || !selects(t, dig(p, "spec", "podSelector"), pod.labels) || !slices.Contains(types, any(side)) {
			continue
		}
		shut = true
		for _, rule := range items(p, "spec", strings.ToLower(side)) {
			peers := items(rule, map[string]string{"Egress": "to", "Ingress": "from"}[side])
			ports := items(rule, "ports")
			if fits(t, peers, pod.namespace, other) && (len(ports) == 0 || slices.ContainsFunc(ports, func(one any) bool {
				return fmt.Sprint(dig(one, "protocol"), " ", dig(one, "port")) == port
			})) {
				return true
			}
		}
	}
	return !shut
}

// fits says whether a place is one of the peers; without peers everybody is.
func fits(t *testing.T, peers []any, namespace string, other peer) bool {
	t.Helper()
	if len(peers) == 0 {
		return true
	}
	return slices.ContainsFunc(peers, func(one any) bool {
		if block := dig(one, "ipBlock"); block != nil {
			except := items(block, "except")
			return inside(t, dig(block, "cidr"), other) && !slices.ContainsFunc(except, func(cidr any) bool { return inside(t, cidr, other) })
		}
		if other.namespace == "" {
			return false
		}
		if names := dig(one, "namespaceSelector"); names != nil {
			if !selects(t, names, map[string]any{"kubernetes.io/metadata.name": other.namespace}) {
				return false
			}
		} else if other.namespace != namespace {
			return false
		}
		return selects(t, dig(one, "podSelector"), other.labels)
	})
}

func inside(t *testing.T, cidr any, p peer) bool {
	t.Helper()
	prefix, err := netip.ParsePrefix(fmt.Sprint(cidr))
	if err != nil {
		t.Fatal(err)
	}
	return prefix.Contains(netip.MustParseAddr(p.address))
}

// selects judges a selector; an empty one selects all.
func selects(t *testing.T, selector any, labels map[string]any) bool {
	t.Helper()
	m, _ := selector.(map[string]any)
	for key := range m {
		if key != "matchLabels" {
			t.Fatalf("this test does not know %s in a selector", key)
		}
	}
	match, _ := m["matchLabels"].(map[string]any)
	for key, value := range match {
		if labels[key] != value {
			return false
		}
	}
	return true
}

// everywhere are the calls of one place to the parts, or of the parts to it.
func everywhere(format string, parts ...string) (all []string) {
	for _, part := range parts {
		all = append(all, fmt.Sprintf(format, part))
	}
	return all
}

// allowedCalls are all calls there may be, and no others are, per set of values.
func allowedCalls() map[string][]string {
	layers := []string{"interactie", "proces", "diensten"}
	// The group of FSC and who log in are on the internet, which is what is no
	// network of the organisation.
	public := []string{"internet", "source-token", "source", "logboek", "login"}
	// Other organisations call the inway from any address. Of our own pods only the
	// outway may do so.
	anybody := func(parts ...string) []string {
		all := everywhere("%s ⇢ inway TCP 8443", append(parts, "inway", "what comes later")...)
		for _, p := range others {
			all = append(all, p.name+" → inway TCP 8443")
		}
		return all
	}
	everything := slices.Concat(layers, []string{"opschonen", "reservekopie", "outway", "inway"})
	group := func(from string, ports ...string) (all []string) {
		for _, port := range ports {
			all = append(all, everywhere(from+" → %s TCP "+port, public...)...)
		}
		return append(all, from+" → fsc-manager TCP 9443", from+" → fsc-manager TCP 9444")
	}
	usual := slices.Concat(everywhere("%s → dns TCP 53", layers...), everywhere("%s → dns UDP 53", layers...), everywhere("prometheus → %s TCP 8084", layers...),
		[]string{"ingress → interactie TCP 8080", "interactie → proces TCP 8081", "diensten → database TCP 5432"},
		everywhere("interactie → %s TCP 443", public...), everywhere("diensten → %s TCP 443", public...))
	return map[string][]string{
		"own values": slices.Concat(usual, []string{"proces → other-outway TCP 8080", "other-inway → diensten TCP 8083"}),
		"outway here": slices.Concat(usual, group("outway", "80", "443", "8443"),
			[]string{"outway → dns TCP 53", "outway → dns UDP 53", "prometheus → outway TCP 8081", "proces → outway TCP 8080", "other-inway → diensten TCP 8083"}),
		"inway here": slices.Concat(usual, group("inway", "80"), anybody(layers...),
			[]string{"inway → dns TCP 53", "inway → dns UDP 53", "prometheus → inway TCP 8081", "proces → other-outway TCP 8080", "inway → diensten TCP 8083"}),
		"everything": slices.Concat(everywhere("%s → dns TCP 53", everything...), everywhere("%s → dns UDP 53", everything...), everywhere("prometheus → %s TCP 8084", layers...), everywhere("prometheus → %s TCP 8081", "outway", "inway"),
			[]string{"ingress → interactie TCP 8080", "interactie → proces TCP 8081", "interactie → keycloak TCP 8443", "proces → outway TCP 8080", "proces → source-token TCP 443",
				"outway → inway TCP 8443", "inway → diensten TCP 8083", "diensten → logboek TCP 443", "diensten → scanner TCP 3310"},
			everywhere("%s → db TCP 5432", "diensten", "opschonen", "reservekopie"), group("outway", "80", "443", "8443"), group("inway", "80"), []string{"inway → source TCP 443"}, anybody("interactie", "proces", "diensten", "opschonen", "reservekopie")),
		"elsewhere": slices.Concat(everywhere("%s → dns TCP 53", append(layers, "opschonen")...), everywhere("%s → dns UDP 53", append(layers, "opschonen")...),
			[]string{"interactie → proces TCP 8081", "interactie → login TCP 443", "proces → far-outway TCP 8443", "far-inway → diensten TCP 8083", "diensten → logboek TCP 443", "diensten → far-database TCP 5432", "opschonen → far-database TCP 5432"}),
	}
}

// TestChartPolicies computes from the rendered policies who may call whom. There is
// no cluster here: that a network does what they say is not tried.
func TestChartPolicies(t *testing.T) {
	dir := chartOf(t, planned(t, verhuizing))
	for name, want := range allowedCalls() {
		got := calls(t, resources(t, helm(t, dir, chartValues[name]...)))
		slices.Sort(want)
		for _, call := range got {
			if !slices.Contains(want, call) {
				t.Errorf("%s: %s is allowed", name, call)
			}
		}
		for _, call := range want {
			if !slices.Contains(got, call) {
				t.Errorf("%s: %s is not allowed", name, call)
			}
		}
	}
}

// TestChartPoliciesAreSeen breaks the policies in ways that look harmless: each time
// another set of calls is allowed.
func TestChartPoliciesAreSeen(t *testing.T) {
	text := helm(t, chartOf(t, planned(t, verhuizing)))
	want := calls(t, resources(t, text))
	for _, pair := range [][2]string{
		{"policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]"},
		{"policyTypes: [Ingress, Egress]", "policyTypes: [Egress]"},
		{"port: 8081}", "port: 8083}"},
		{"    - from:\n        - podSelector:\n            matchLabels:\n              app.kubernetes.io/name: open-fsc-inway", "    - from: []"},
		{"- {protocol: TCP, port: 5432}", "- {protocol: TCP, port: 5433}"},
		{"            - 169.254.0.0/16\n", ""},
		{"              app.kubernetes.io/instance: proef\n", ""},
		{"kubernetes.io/metadata.name: kube-system\n          podSelector:\n            matchLabels:\n              k8s-app: kube-dns", "kubernetes.io/metadata.name: kube-system"},
		{"          podSelector:\n            matchLabels:\n              k8s-app: kube-dns", "        - podSelector:\n            matchLabels:\n              k8s-app: kube-dns"},
	} {
		if broken := strings.ReplaceAll(text, pair[0], pair[1]); broken == text {
			t.Errorf("the policies do not hold %q", pair[0])
		} else if slices.Equal(calls(t, resources(t, broken)), want) {
			t.Errorf("nobody sees %q instead of %q", pair[1], pair[0])
		}
	}
}
