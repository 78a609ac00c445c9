package examples_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
)

// refusals are values that cannot be, and what the operator then reads.
var refusals = []struct{ values, says string }{
	// What contradicts itself.
	{`image: {tag: "1.0", digest: "sha256:` + strings.Repeat("a", 64) + `"}`, "image.tag en image.digest zeggen allebei"},
	{`ingress: {host: ""}`, "ingress.enabled zonder ingress.host"},
	{`ingress: {clusterIssuer: ""}`, "ingress zonder certificaat"},
	{`ingress: {from: []}`, "houdt dan ook de ingress controller tegen"},
	{`proces: {replicas: 8, autoscaling: {enabled: true}}`, "proces.autoscaling.maxReplicas (6) is minder dan proces.replicas (8)"},
	{`diensten: {replicas: 1}`, "podDisruptionBudget.minAvailable (1) is niet minder dan diensten.replicas (1)"},
	{`podDisruptionBudget: {minAvailable: 2}`, "kan geen node meer leeggemaakt worden"},
	{`interactie: {settings: {SESSION_KEY: "geheim"}}`, "interactie.settings.SESSION_KEY is een geheim"},
	{`interactie: {settings: {OIDC_CLIENT_SECRET: "geheim"}}`, "OIDC_CLIENT_SECRET is een geheim"},
	{`gedeeld: {settings: {LOGBOEK_SLEUTEL: "geheim"}}`, "gedeeld.settings.LOGBOEK_SLEUTEL is een geheim"},
	{`gedeeld: {settings: {SSL_CERT_FILE: /x}}`, "gedeeld.settings.SSL_CERT_FILE: die instelling zet de chart"},
	{`proces: {settings: {OUTWAY_URL: "http://outway"}}`, "proces.settings.OUTWAY_URL: die instelling zet de chart"},
	{`proces: {settings: {STOP_BINNEN: 2m}}`, "een pod krijgt 40 seconden om te stoppen"},
	{`login: {to: []}`, "kan niemand inloggen"},
	{`logboek: {url: "https://logboek.test", to: []}`, "houdt het logboek dan tegen"},
	{`database: {to: []}`, "houdt de database dan tegen"},
	{`database: {caSecret: ca, sslMode: require}`, `database.caSecret met database.sslMode "require"`},
	{`dns: {to: []}`, "zonder DNS"},
	{`monitoring: {from: [], serviceMonitor: {enabled: true}}`, "houdt Prometheus dan tegen"},
	{`outway: {enabled: true, url: "http://outway"}`, "zeggen allebei waar de outway is"},
	{`outway: {to: []}`, "houdt de outway dan tegen"},
	{`inway: {from: []}`, "dan bereikt niemand laag 2"},
	{`inway: {enabled: true}`, "openfsc.peer is leeg"},
	{`tls: {enabled: true}`, "tls.enabled zonder tls.issuer.name"},
	{`organisatie: {inhoud: {naam: Duinstad}, configMap: duinstad}`, "zeggen allebei voor wie dit component draait"},
	{`opschonen: {enabled: true}`, "opschonen.enabled zonder akkoord"},
	{`opschonen: {enabled: true, akkoord: "A. de Vries"}`, "zoals \"A. de Vries, tot 2027-06-30\""},
	{`reservekopie: {enabled: true}`, "reservekopie.enabled zonder plaats"},
	// What one value cannot be.
	{`replicas: 3`, "'replicas' not allowed"},
	{`interactie: {replica: 3}`, "'replica' not allowed"},
	{`image: {tag: latest}`, "/image/tag"},
	{`image: {digest: "sha256:abc"}`, "/image/digest"},
	{`image: {repository: "register.test/a@sha256:b"}`, "/image/repository"},
	{`interactie: {replicas: "2"}`, "/interactie/replicas"},
	{`interactie: {replicas: 0}`, "/interactie/replicas"},
	{`interactie: {settings: {BIJLAGE_MAX_MB: 20}}`, "/interactie/settings/BIJLAGE_MAX_MB"},
	{`interactie: {settings: {kleine-letters: "x"}}`, "'kleine-letters' not allowed"},
	{`interactie: {resources: {limits: {memory: veel}}}`, "/interactie/resources/limits/memory"},
	{`ingress: {host: "https://verhuizing.test/"}`, "/ingress/host"},
	{`ingress: {from: [{}]}`, "/ingress/from/0"},
	{`ingress: {from: [{podLabels: {}}]}`, "/ingress/from/0"},
	{`ingress: {from: [{cidr: 10.0.0.0/8, namespace: x}]}`, "/ingress/from/0"},
	{`login: {to: [{cidr: 10.0.0.1, ports: [443]}]}`, "/login/to/0"},
	{`login: {to: [{cidr: 10.0.0.1/32}]}`, "/login/to/0"},
	{`login: {to: [{cidr: 10.0.0.1/32, ports: []}]}`, "/login/to/0/ports"},
	{`logboek: {url: "http://logboek.test"}`, "/logboek/url"},
	{`outway: {url: "http://outway.test/pad"}`, "/outway/url"},
	{`inway: {service: {type: NodePort}}`, "/inway/service/type"},
	{`reservekopie: {schedule: "elke nacht"}`, "/reservekopie/schedule"},
	{`database: {sslMode: misschien}`, "/database/sslMode"},
}

// TestChartRefuses: values that cannot be are refused before anything changes, with
// the place or a sentence, and all sentences at once.
func TestChartRefuses(t *testing.T) {
	dir := chartOf(t, planned(t, verhuizing))
	with := func(values string) string {
		out, err := ask(t, "helm", append([]string{"template", "proef", dir}, withValues(t, values)...)...)
		if err == nil {
			return ""
		}
		return out
	}
	for _, r := range refusals {
		if out := with(r.values); !strings.Contains(out, r.says) {
			t.Errorf("%s: not refused with %q:\n%s", r.values, r.says, out)
		}
	}
	all := with(`{image: {tag: "1", digest: "sha256:` + strings.Repeat("a", 64) + `"}, tls: {enabled: true}, database: {to: []}}`)
	if n := strings.Count(all, "\n  - "); n != 3 {
		t.Errorf("%d sentences for three faults:\n%s", n, all)
	}
	for _, fine := range []string{
		`{interactie: {replicas: 1}, proces: {replicas: 1}, diensten: {replicas: 1}, podDisruptionBudget: {minAvailable: 0}}`,
		`proces: {settings: {BAG_TOKEN_URL: "https://bron.test/token"}}`,
		`login: {to: [{cidr: "2001:db8::/32", ports: [443]}]}`,
		`global: {omgeving: acceptatie}`,
	} {
		if out := with(fine); out != "" {
			t.Errorf("%s is refused: %s", fine, out)
		}
	}
}

// TestChartSchemaIsClosed: a key that is no value is refused, wherever it stands.
func TestChartSchemaIsClosed(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal([]byte(planned(t, verhuizing)[chartFolder+"values.schema.json"]), &schema); err != nil {
		t.Fatal(err)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		m, _ := v.(map[string]any)
		for key, below := range m {
			walk(at+"/"+key, below)
		}
		if _, holds := m["properties"].(map[string]any); holds && m["additionalProperties"] != false {
			t.Errorf("%s is open", cmp.Or(at, "/"))
		}
	}
	walk("", schema)
}

var tableRow = regexp.MustCompile("(?m)^\\| `([A-Za-z.]+)` \\| (.+?) \\| (.+) \\|$")

// TestChartTable holds the table of README.md against values.yaml: every value is
// there once, with what it is by itself.
func TestChartTable(t *testing.T) {
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		table := map[string]string{}
		for _, row := range tableRow.FindAllStringSubmatch(bodies[chartFolder+"README.md"], -1) {
			keys := []string{row[1]}
			if rest, ok := strings.CutPrefix(row[1], "LAAG."); ok {
				keys = []string{"interactie." + rest, "proces." + rest, "diensten." + rest}
			}
			for _, key := range keys {
				if _, twice := table[key]; twice && len(keys) == 3 {
					t.Errorf("%s: %s is in the table twice", file, key)
				}
				table[key] = row[3]
			}
		}
		for key, value := range flat("", decode(t, bodies[chartFolder+"values.yaml"]), map[string]any{}) {
			key = regexp.MustCompile(`resources\..*`).ReplaceAllString(key, "resources")
			said, known := table[key]
			if !known {
				t.Errorf("%s: README.md does not say what %s is", file, key)
			} else if want := inTable(value); want != "" && said != want && said != "in values.yaml" {
				t.Errorf("%s: README.md says that %s is %s; it is %s", file, key, said, want)
			}
			defer delete(table, key)
		}
	}
}

// inTable is a value as the table shows it; "" for what it puts in words.
func inTable(value any) string {
	switch v := value.(type) {
	case []any:
		if len(v) > 0 {
			return ""
		}
	case map[string]any:
		if len(v) > 0 {
			return ""
		}
	default:
		if v != "" {
			return fmt.Sprintf("`%v`", v)
		}
	}
	return "leeg"
}

// TestChartTableHasNoMore: what the table names is a value.
func TestChartTableHasNoMore(t *testing.T) {
	bodies := planned(t, verhuizing)
	values := decode(t, bodies[chartFolder+"values.yaml"])
	rows := tableRow.FindAllStringSubmatch(bodies[chartFolder+"README.md"], -1)
	if len(rows) < 70 {
		t.Errorf("only %d rows", len(rows))
	}
	for _, row := range rows {
		key := strings.Replace(row[1], "LAAG.", "proces.", 1)
		if dig(values, strings.Split(key, ".")...) == nil {
			t.Errorf("README.md explains %s, which is no value", row[1])
		}
	}
}

// fromElsewhere are settings that no Go of ours reads: pgx does.
var fromElsewhere = regexp.MustCompile(`^PG[A-Z]+$`)

// TestChartSettings: the chart sets nothing that docs/instellingen.md does not explain,
// and each layer gets what production asks of it.
func TestChartSettings(t *testing.T) {
	bodies := planned(t, verhuizing)
	set := map[string]map[string]any{}
	for _, r := range resources(t, helm(t, chartOf(t, bodies), chartValues["everything"]...)) {
		if r.pod() == nil {
			continue
		}
		part := strings.TrimPrefix(r.name(), "proef-")
		set[part] = map[string]any{}
		for _, one := range items(r.container(), "env") {
			name := fmt.Sprint(dig(one, "name"))
			if _, twice := set[part][name]; twice {
				t.Errorf("%s has %s twice", part, name)
			}
			set[part][name] = dig(one, "value")
			if explained := strings.Contains(bodies["docs/instellingen.md"], "`"+name+"`") || strings.HasPrefix(name, "OIDC_"); !explained && !fromElsewhere.MatchString(name) {
				t.Errorf("docs/instellingen.md does not explain %s, which the chart sets for %s", name, part)
			}
		}
	}
	for part, want := range map[string]map[string]any{
		"interactie":   {"OMGEVING": "productie", "PORT": "8080", "BEHEER_POORT": "8084", "PROCES_URL": "https://proef-proces:8081", "BIJLAGE_MAX_MB": "20", "TLS_CA": "/instellingen/tls/ca.crt", "PROXIES": "10.244.0.0/16,10.1.0.9/32", "SSL_CERT_FILE": "/instellingen/ca/ca-certificates.crt"},
		"proces":       {"OUTWAY_URL": "http://proef-outway:8080", "LOG_LEVEL": "info"},
		"diensten":     {"LOGBOEK_URL": "https://logboek.gemeente.test", "PGSSLMODE": "verify-full", "AFNEMERS": "/instellingen/afnemers/afnemers.yaml", "TLS_CA": nil},
		"opschonen":    {"OPSCHONEN_AKKOORD": "A. de Vries, tot 2027-06-30", "PGSSLROOTCERT": "/instellingen/database/ca.crt"},
		"reservekopie": {"OMGEVING": "productie", "SSL_CERT_FILE": "/instellingen/ca/ca-certificates.crt"},
	} {
		for name, value := range want {
			if set[part][name] != value {
				t.Errorf("%s: %s is %v, want %v", part, name, set[part][name], value)
			}
		}
	}
}

// TestChartDatabase: an address without sslmode, as CloudNativePG gives it, is sealed
// by the variables that the chart sets.
func TestChartDatabase(t *testing.T) {
	const address = "postgresql://app@verhuizing-db-rw.component:5432/app"
	for mode, want := range map[string]bool{"": false, "disable": false, "require": true, "verify-full": true} {
		t.Setenv("PGSSLMODE", mode)
		if got, err := opslag.Sealed(address); err != nil || got != want {
			t.Errorf("PGSSLMODE=%s: sealed is %v, %v", mode, got, err)
		}
	}
}

// TestChartWays: the only way in from outside leads to the pages, the probes ask the
// beheerpoort and differ, and every Service leads to a port that there is.
func TestChartWays(t *testing.T) {
	for name, args := range chartValues {
		all := resources(t, helm(t, chartOf(t, planned(t, verhuizing)), args...))
		ports := map[string]map[string]any{} // part → name → number
		for _, r := range all {
			if r.kind() == "Deployment" {
				part := fmt.Sprint(dig(r, "metadata", "labels", "app.kubernetes.io/component"))
				ports[part] = map[string]any{}
				for _, one := range items(r.container(), "ports") {
					ports[part][fmt.Sprint(dig(one, "name"))] = dig(one, "containerPort")
				}
				probes(t, r)
			}
		}
		services := map[string]resource{}
		for _, r := range all {
			if r.kind() != "Service" {
				continue
			}
			services[r.name()] = r
			for _, one := range items(r, "spec", "ports") {
				part := fmt.Sprint(dig(r, "spec", "selector", "app.kubernetes.io/component"))
				if target := fmt.Sprint(dig(one, "targetPort")); ports[part][target] == nil {
					t.Errorf("%s: service %s leads to port %s of %s, which is not there", name, r.name(), target, part)
				}
			}
		}
		ways(t, name, all, services, ports)
	}
}

func probes(t *testing.T, r resource) {
	t.Helper()
	live, ready := dig(r.container(), "livenessProbe", "httpGet"), dig(r.container(), "readinessProbe", "httpGet")
	if dig(live, "path") == dig(ready, "path") || dig(live, "port") != dig(ready, "port") || !slices.Contains([]any{"beheer", "bewaking"}, dig(live, "port")) {
		t.Errorf("%s: live asks %v, ready asks %v", r.name(), live, ready)
	}
}

// ways follows what can be reached from outside the cluster.
func ways(t *testing.T, name string, all []resource, services map[string]resource, ports map[string]map[string]any) {
	t.Helper()
	reached := map[string]bool{}
	for _, r := range all {
		if r.kind() == "Service" && dig(r, "spec", "type") != "ClusterIP" {
			reached[fmt.Sprint(dig(r, "spec", "selector", "app.kubernetes.io/component"))] = true
		}
		if r.kind() != "Ingress" {
			continue
		}
		if tls := items(r, "spec", "tls"); len(tls) != 1 {
			t.Errorf("%s: the ingress has no TLS", name)
		}
		for _, rule := range items(r, "spec", "rules") {
			for _, one := range items(rule, "http", "paths") {
				backend := dig(one, "backend", "service")
				part := fmt.Sprint(dig(services[fmt.Sprint(dig(backend, "name"))], "spec", "selector", "app.kubernetes.io/component"))
				reached[part] = true
				if ports[part][fmt.Sprint(dig(backend, "port", "name"))] != 8080 {
					t.Errorf("%s: the ingress leads to %v", name, backend)
				}
			}
		}
	}
	want := map[string][]string{"own values": {"interactie"}, "everything": {"interactie", "inway"}, "elsewhere": {}, "outway here": {"interactie"}, "inway here": {"interactie", "inway"}}[name]
	if got := slices.Sorted(maps.Keys(reached)); !slices.Equal(got, want) && len(got)+len(want) > 0 {
		t.Errorf("%s: from outside one reaches %v, want %v", name, got, want)
	}
}

// TestChartNotes: who installs reads where a layer says what it misses.
func TestChartNotes(t *testing.T) {
	bodies := planned(t, verhuizing)
	bodies[chartFolder+"templates/notes.yaml"] = "notes: |\n{{ include (print $.Template.BasePath \"/NOTES.txt\") . | indent 2 }}\n"
	dir := chartOf(t, bodies)
	for name, want := range map[string][]string{
		"own values": {"https://verhuizing.duinstad.test/", "logs deployment/proef-proces", "proef-proces, verhuizing-grants", "logboek.url:", "outway.url:", "login.to staat open"},
		"everything": {"logs deployment/proef-diensten", "geheimen-interactie, instellingen-interactie", "create configmap proef-outway --from-env-file=outway.env", "db-app, sleutel uri"},
		"elsewhere":  {"Er is geen ingress"},
		"wide open":  {"proces.egress staat open", "outway.to staat open"},
	} {
		values := chartValues[name]
		if name == "wide open" {
			values = []string{"--set-json", `proces.egress=[{"cidr":"::/0","ports":[443]}],outway.to=[{"cidr":"0.0.0.0/0","ports":[443]}]`}
		}
		out := helm(t, dir, append([]string{"-s", "templates/notes.yaml"}, values...)...)
		for _, text := range want {
			if !strings.Contains(out, text) {
				t.Errorf("%s: the notes do not say %q:\n%s", name, text, out)
			}
		}
	}
}
