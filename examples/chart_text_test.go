package examples_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestChartValuesAreText: what an operator fills in stays one value, whatever signs are
// in it, and a name that looks like a number or nothing stays a name.
func TestChartValuesAreText(t *testing.T) {
	dir := chartOf(t, planned(t, verhuizing))
	const key, value = "a: b\n    kwaad", "x\"\n  y: z {{ .Values.image }}"
	for _, name := range []string{"1e3", "true", "null", "0x3e8"} {
		texts := map[string]string{key: value}
		given := map[string]any{
			"image":        map[string]any{"pullSecrets": []string{name}},
			"ingress":      map[string]any{"annotations": texts, "className": name, "clusterIssuer": name, "secret": name},
			"tls":          map[string]any{"enabled": true, "issuer": map[string]any{"name": name}},
			"opschonen":    map[string]any{"enabled": true, "akkoord": `x" # {{ y }}: z, tot 2027-06-30`, "claim": name},
			"reservekopie": map[string]any{"enabled": true, "claim": name},
			"monitoring":   map[string]any{"serviceMonitor": map[string]any{"enabled": true, "labels": texts}},
			"nodeSelector": texts, "priorityClassName": name,
			"organisatie": map[string]any{"configMap": name}, "afnemers": map[string]any{"secret": name},
			"database": map[string]any{"secret": name, "key": name, "caSecret": name, "caKey": name},
			"outway":   map[string]any{"enabled": true, "caSecret": name, "caKey": name}, "inway": map[string]any{"enabled": true, "service": map[string]any{"annotations": texts}},
			"openfsc": map[string]any{"groupCASecret": name, "internalCASecret": name, "outwaySecrets": map[string]any{"group": name, "internal": name},
				"peer": []any{map[string]any{"podLabels": map[string]any{"app": name}, "ports": []int{443}}}},
		}
		for _, of := range []string{"gedeeld", "interactie", "proces", "diensten"} {
			given[of] = map[string]any{"secret": name, "configMap": name, "settings": map[string]string{"NO": value}}
		}
		raw, err := json.Marshal(given)
		if err != nil {
			t.Fatal(err)
		}
		all := resources(t, helm(t, dir, withValues(t, string(raw))...))
		found := 0
		for _, r := range all {
			found += stray(t, r.kind()+" "+r.name(), map[string]any(r), name)
			if r.kind() == "Ingress" && dig(r, "metadata", "annotations", key) != value {
				t.Errorf("annotations of the ingress: %v", dig(r, "metadata", "annotations"))
			}
			for _, env := range items(r.container(), "env") {
				if dig(env, "name") == "NO" && dig(env, "value") != value {
					t.Errorf("a setting of %s: %v", r.name(), env)
				}
			}
		}
		if found < 40 {
			t.Errorf("%s stands in %d places: this proves little", name, found)
		}
	}
}

// stray counts a name in a resource, and says where it is no text any more or a key
// broke out of its place.
func stray(t *testing.T, at string, v any, name string) (found int) {
	t.Helper()
	switch v := v.(type) {
	case map[string]any:
		for key, below := range v {
			if key == "kwaad" || key == "y" {
				t.Errorf("%s has a key %s", at, key)
			}
			found += stray(t, at+"/"+key, below, name)
		}
	case []any:
		for i, below := range v {
			found += stray(t, fmt.Sprintf("%s/%d", at, i), below, name)
		}
	case string:
		if v == name {
			found++
		}
	case nil:
		if name == "null" {
			t.Errorf("%s is nothing", at)
		}
	default:
		if text := fmt.Sprint(v); text == "1000" || name == "true" && text == name && strings.HasSuffix(strings.ToLower(at), "name") {
			t.Errorf("%s is the %T %v", at, v, v)
		}
	}
	return found
}
