package examples_test

import (
	"regexp"
	"slices"
	"testing"
	"time"
)

// TestChartPods: what every pod of the chart has, whatever is turned on, that no judge
// of others asks for.
func TestChartPods(t *testing.T) {
	bodies := planned(t, verhuizing)
	stopping := 5 * time.Second // for what is around it
	for _, setting := range []string{"STOP_NA", "STOP_BINNEN"} {
		found := regexp.MustCompile("`" + setting + "` .*productie: `([^`]+)`").FindStringSubmatch(bodies["docs/instellingen.md"])
		if found == nil {
			t.Fatalf("docs/instellingen.md does not say what %s is in production", setting)
		}
		d, err := time.ParseDuration(found[1])
		if err != nil {
			t.Fatal(err)
		}
		stopping += d
	}
	for name, args := range chartValues {
		for _, r := range resources(t, helm(t, chartOf(t, bodies), args...)) {
			spec := dig(r.pod(), "spec")
			if spec == nil {
				continue
			}
			if dig(spec, "automountServiceAccountToken") != false || dig(spec, "enableServiceLinks") != false {
				t.Errorf("%s: %s gets an account of the cluster, or variables that look like settings", name, r.name())
			}
			switch r.kind() {
			case "Deployment":
				if seconds, _ := dig(spec, "terminationGracePeriodSeconds").(int); r.ours() && time.Duration(seconds)*time.Second < stopping {
					t.Errorf("%s: %s is killed after %d s, and may stop for %s", name, r.name(), seconds, stopping)
				}
				if dig(r, "spec", "strategy", "rollingUpdate", "maxUnavailable") != 0 {
					t.Errorf("%s: %s has fewer pods while it is replaced", name, r.name())
				}
			case "CronJob":
				if dig(r, "spec", "concurrencyPolicy") != "Forbid" {
					t.Errorf("%s: %s runs beside itself", name, r.name())
				}
			}
		}
	}
}

// ours says whether a pod is one of the layers, and not of OpenFSC.
func (r resource) ours() bool {
	part, _ := dig(r, "metadata", "labels", "app.kubernetes.io/component").(string)
	return slices.Contains([]string{"interactie", "proces", "diensten"}, part)
}

// TestChartFollowsItsValues: another organisation is another pod, a scaler keeps the
// least that was asked for, and Prometheus finds each layer.
func TestChartFollowsItsValues(t *testing.T) {
	dir := chartOf(t, planned(t, verhuizing))
	with := func(values string) map[string]resource {
		all := map[string]resource{}
		for _, r := range resources(t, helm(t, dir, withValues(t, values)...)) {
			all[r.kind()+" "+r.name()] = r
		}
		return all
	}
	one := with(`organisatie: {inhoud: {naam: Duinstad}}`)
	two := with(`{organisatie: {inhoud: {naam: Veenrade}}, proces: {replicas: 3, autoscaling: {enabled: true}}, monitoring: {serviceMonitor: {enabled: true}}}`)
	for _, layer := range []string{"interactie", "proces", "diensten"} {
		sum := func(all map[string]resource) any {
			return dig(all["Deployment proef-"+layer].pod(), "metadata", "annotations", "checksum/instellingen")
		}
		if sum(one) == nil || sum(one) == sum(two) {
			t.Errorf("%s goes on for %v when it is for another organisation", layer, sum(one))
		}
	}
	if least := dig(two["HorizontalPodAutoscaler proef-proces"], "spec", "minReplicas"); least != 3 {
		t.Errorf("of the 3 pods that were asked for, %v stay", least)
	}
	found := 0
	for _, e := range items(two["ServiceMonitor proef"], "spec", "selector", "matchExpressions") {
		found += len(items(e, "values"))
	}
	if found != 3 {
		t.Errorf("Prometheus finds %d layers of 3", found)
	}
}
