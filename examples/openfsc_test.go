package examples_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// The keys of the values of the charts 2.4.0 of OpenFSC. The charts themselves
// pass over a key that they do not know, also in helm lint --strict, so a
// spelling mistake shows nowhere but here. A star stands for anything below.
var (
	caSecret   = []string{"caCertificatePEM", "caCertificatePEMExistingSecret.name", "caCertificatePEMExistingSecret.key"}
	ownSecret  = append([]string{"certificatePEM", "keyPEM", "existingSecret"}, caSecret...)
	commonKeys = slices.Concat(
		below("global", "imageRegistry", "imageTag", "groupID", "imagePullSecrets"),
		below("global.certificates.group", caSecret...), below("global.certificates.internal", caSecret...),
		below("image", "registry", "repository", "tag", "pullPolicy", "pullSecrets"),
		[]string{"extraEnv.*", "podLabels.*", "resources.*", "nodeSelector.*", "affinity.*", "tolerations.*", "deploymentAnnotations.*", "replicaCount"},
		below("serviceAccount", "create", "name", "annotations.*"), []string{"securityContext.*", "podSecurityContext.*"},
		below("service", "type", "annotations.*"), below("certificates.internal", ownSecret...),
	)
	gatewayKeys = slices.Concat(commonKeys,
		below("config", "logType", "logLevel", "groupID", "name", "controllerRegistrationApiAddress", "transactionLogApiAddress", "disableCrlChecks"),
		below("config.authorizationService", "enabled", "url", "caCertificatePEMExistingSecret", "withBody", "maxBodySize", "bodyChunkSize"),
		below("config.authZenService", "enabled", "url", "caCertificatePEMExistingSecret", "withBody", "maxBodySize", "bodyChunkSize"),
		below("certificates.group", ownSecret...),
	)
	postgres  = []string{"hostname", "database", "existingSecret.name", "existingSecret.usernameKey", "existingSecret.passwordKey"}
	chartKeys = map[string][]string{
		"outway": slices.Concat(gatewayKeys, below("config", "enableGrantHashSuggestion", "managerInternalAddress", "grantLinksCacheTTL", "xffAllowedAddresses"),
			below("https", "enabled", "keyPEM", "certificatePEM", "existingSecret.name", "existingSecret.keyCertificate", "existingSecret.keyPrivateKey"),
			below("service", "httpPort", "httpsPort")),
		"inway": slices.Concat(gatewayKeys, below("config", "selfAddress", "managerInternalUnauthenticatedAddress", "serviceProxyCacheSize"),
			[]string{"certificates.serviceCA.certificatePEM", "service.port"}),
		"manager": slices.Concat(commonKeys, below("config", "logType", "logLevel", "selfAddress", "controllerRegistrationApiAddress", "txLogAPIAddress", "tokenTTL",
			"directoryPeerID", "directoryManagerAddress", "autoSignGrants", "autoSignPolicyDecisionPoint.*", "additionalClaimsAPIAddress", "auditlog.*"),
			below("certificates.internalUnauthenticated", ownSecret...), below("certificates.group", caSecret...),
			below("certificates.group.peer", "existingSecret"), below("certificates.group.token", "existingSecret"), below("certificates.group.signature", "existingSecret"),
			below("postgresql", postgres...), below("service", "external.port", "internal.port", "internalUnauthenticated.port")),
		"controller": slices.Concat(commonKeys, below("config", "managerInternalAddress", "directoryPeerID", "auditlog.*", "authn.type", "csrfProtection.enabled"), below("ingress", "enabled"), below("postgresql", postgres...)),
		"txlog":      slices.Concat(commonKeys, below("txlogdb", postgres...)),
	}
)

// envKeys are the environment variables of OpenFSC 2.4 that our files may name.
var envKeys = strings.Fields(`
	GROUP_ID NAME LISTEN_ADDRESS LISTEN_HTTPS TLS_SERVER_CERT TLS_SERVER_KEY MONITORING_ADDRESS MANAGER_INTERNAL_ADDRESS
	CONTROLLER_REGISTRATION_API_ADDRESS TX_LOG_API_ADDRESS TLS_ROOT_CERT TLS_CERT TLS_KEY TLS_GROUP_ROOT_CERT TLS_GROUP_CERT TLS_GROUP_KEY
	GRANT_LINKS_CACHE_TTL ENABLE_GRANT_HASH_SUGGESTION DISABLE_CRL_CHECKS XFF_ALLOWED_ADDRESSES LOG_TYPE LOG_LEVEL
	SELF_ADDRESS MANAGER_INTERNAL_UNAUTHENTICATED_ADDRESS SERVICE_PROXY_CACHE_SIZE TLS_SERVICE_CA_CERT
	LISTEN_ADDRESS_EXTERNAL LISTEN_ADDRESS_INTERNAL LISTEN_ADDRESS_INTERNAL_UNAUTHENTICATED DIRECTORY_PEER_ID DIRECTORY_MANAGER_ADDRESS TOKEN_TTL
	STORAGE_POSTGRES_DSN AUTO_SIGN_GRANTS AUDITLOG_TYPE TLS_GROUP_TOKEN_CERT TLS_GROUP_TOKEN_KEY TLS_GROUP_CONTRACT_CERT TLS_GROUP_CONTRACT_KEY
	TLS_INTERNAL_UNAUTHENTICATED_ROOT_CERT TLS_INTERNAL_UNAUTHENTICATED_CERT TLS_INTERNAL_UNAUTHENTICATED_KEY
	LISTEN_ADDRESS_UI LISTEN_ADDRESS_REGISTRATION_API LISTEN_ADDRESS_ADMINISTRATION_API MANAGER_ADDRESS_INTERNAL AUTHN_TYPE AUTHZ_TYPE CSRF_PROTECTION_ENABLED`)

const withFSC = "testdata/fsc.yaml"

func below(key string, names ...string) []string {
	var all []string
	for _, name := range names {
		all = append(all, key+"."+name)
	}
	return all
}

// flat lists the leaves of decoded YAML or JSON: path → value.
func flat(path string, v any, into map[string]any) map[string]any {
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 {
		into[strings.TrimPrefix(path, ".")] = v
		return into
	}
	for key, below := range m {
		flat(path+"."+key, below, into)
	}
	return into
}

func decode(t *testing.T, text string) map[string]any {
	t.Helper()
	v := map[string]any{}
	if err := yaml.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return v
}

// TestChartKeys holds every key of the values against the charts.
func TestChartKeys(t *testing.T) {
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		for part, keys := range chartKeys {
			values, there := bodies["deploy/openfsc/"+part+"/values.yaml"]
			if own := part != "outway" && part != "inway"; there == (own && file != withFSC) {
				t.Errorf("%s: values of %s are there: %v", file, part, there)
			} else if !there {
				continue
			}
			for key, value := range flat("", decode(t, values), map[string]any{}) {
				if !chartKnows(key, keys) {
					t.Errorf("%s: chart of %s has no key %s", file, part, key)
				}
				if text, ok := value.(string); ok && strings.Contains(text, "-----BEGIN") {
					t.Errorf("%s: %s holds a key or certificate", file, key)
				}
			}
		}
	}
	if chartKnows("config.managerInternalAdress", chartKeys["outway"]) || !chartKnows("resources.limits.memory", chartKeys["outway"]) {
		t.Error("the comparison of keys proves nothing")
	}
}

func chartKnows(key string, keys []string) bool {
	return slices.ContainsFunc(keys, func(k string) bool {
		open, anything := strings.CutSuffix(k, ".*")
		return k == key || anything && (key == open || strings.HasPrefix(key, open+"."))
	})
}

// rendered are the variables that each chart has to find in our values, and
// what those of the manager and the controller say of the directory.
var rendered = map[string]struct {
	chart string
	names []string
	want  map[string]string
}{
	"outway": {"open-fsc-outway", strings.Fields("GROUP_ID NAME MANAGER_INTERNAL_ADDRESS CONTROLLER_REGISTRATION_API_ADDRESS TX_LOG_API_ADDRESS"), nil},
	"inway":  {"open-fsc-inway", strings.Fields("GROUP_ID NAME MANAGER_INTERNAL_UNAUTHENTICATED_ADDRESS SELF_ADDRESS CONTROLLER_REGISTRATION_API_ADDRESS TX_LOG_API_ADDRESS"), nil},
	"manager": {"open-fsc-manager", strings.Fields("GROUP_ID SELF_ADDRESS DIRECTORY_MANAGER_ADDRESS CONTROLLER_REGISTRATION_API_ADDRESS TX_LOG_API_ADDRESS STORAGE_POSTGRES_DSN"),
		map[string]string{"DIRECTORY_PEER_ID": "00000099000000005000"}},
	"controller": {"open-fsc-controller", strings.Fields("GROUP_ID MANAGER_ADDRESS_INTERNAL STORAGE_POSTGRES_DSN"),
		map[string]string{"DIRECTORY_PEER_ID": "00000099000000005000", "AUTHN_TYPE": "none", "CSRF_PROTECTION_ENABLED": "false"}},
	"txlog": {"open-fsc-txlog-api", strings.Fields("STORAGE_POSTGRES_DSN TLS_ROOT_CERT TLS_CERT"), nil},
}

// TestChartsRender renders the values with the five official charts when they
// are at hand: OPENFSC_CHARTS is the folder that holds open-fsc-outway and the
// others, beside each other or in the chart open-fsc, and helm is in the path.
// Without them it is skipped.
func TestChartsRender(t *testing.T) {
	charts := os.Getenv("OPENFSC_CHARTS")
	if charts == "" {
		t.Skip("OPENFSC_CHARTS does not name a folder with the charts of OpenFSC")
	}
	helm, err := exec.LookPath("helm")
	if err != nil {
		t.Skip("there is no helm in the path")
	}
	bodies := planned(t, withFSC)
	for part := range chartKeys {
		r := rendered[part]
		chart := filepath.Join(charts, r.chart)
		if _, err := os.Stat(chart); err != nil {
			chart = filepath.Join(charts, "open-fsc", "charts", r.chart)
		}
		values := filepath.Join(t.TempDir(), "values.yaml")
		if err := os.WriteFile(values, []byte(bodies["deploy/openfsc/"+part+"/values.yaml"]), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(helm, "template", "aanvraag-"+r.chart, chart, "-f", values).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", part, err, out)
		}
		env := deployed(t, out)
		for _, name := range r.names {
			if env[name] == "" {
				t.Errorf("%s: %s is empty in the Deployment", part, name)
			}
		}
		for name, want := range r.want {
			if env[name] != want {
				t.Errorf("%s: %s is %q in the Deployment, want %q", part, name, env[name], want)
			}
		}
		own, err := os.ReadFile(filepath.Join(chart, "values.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		var known []string
		for key, value := range flat("", decode(t, string(own)), map[string]any{}) {
			if m, ok := value.(map[string]any); ok && len(m) == 0 {
				key += ".*" // anything goes below it
			}
			known = append(known, key)
		}
		for key := range flat("", decode(t, bodies["deploy/openfsc/"+part+"/values.yaml"]), map[string]any{}) {
			if !chartKnows(key, known) {
				t.Errorf("%s: the chart itself has no key %s", part, key)
			}
		}
	}
}

// deployed are the variables of the container in the rendered Deployment.
func deployed(t *testing.T, out []byte) map[string]string {
	t.Helper()
	env := map[string]string{}
	for _, document := range bytes.Split(out, []byte("\n---")) {
		var d struct {
			Kind string
			Spec struct {
				Template struct {
					Spec struct {
						Containers []struct {
							Env []struct{ Name, Value string }
						}
					}
				}
			}
		}
		if err := yaml.Unmarshal(document, &d); err != nil {
			t.Fatal(err)
		}
		for _, c := range d.Spec.Template.Spec.Containers {
			for _, e := range c.Env {
				env[e.Name] = e.Value
			}
		}
	}
	return env
}

// TestValuesSayWhatTheAnswersSay: each answer about FSC is where it belongs.
func TestValuesSayWhatTheAnswersSay(t *testing.T) {
	bodies := planned(t, withFSC)
	for part, want := range map[string]map[string]string{
		"outway": {"config.groupID": "proefgroep/fsc_2.0", "config.name": "aanvraag-outway", "config.managerInternalAddress": "https://fsc-manager.intern.test:9443",
			"config.controllerRegistrationApiAddress": "https://fsc-controller.intern.test:9443", "config.transactionLogApiAddress": "https://fsc-txlog.intern.test:9443"},
		"inway": {"config.groupID": "proefgroep/fsc_2.0", "config.selfAddress": "https://inway.duinstrand.test:443", "config.managerInternalUnauthenticatedAddress": "https://fsc-manager.intern.test:9444"},
		"manager": {"global.groupID": "proefgroep/fsc_2.0", "config.selfAddress": "https://fsc-manager.duinstrand.test:8443", "config.directoryPeerID": "00000099000000005000",
			"config.directoryManagerAddress": "https://directory.fsc.test:8443", "config.txLogAPIAddress": "https://fsc-txlog.intern.test:9443"},
	} {
		values := flat("", decode(t, bodies["deploy/openfsc/"+part+"/values.yaml"]), map[string]any{})
		for key, text := range want {
			if values[key] != text {
				t.Errorf("%s: %s is %v, want %s", part, key, values[key], text)
			}
		}
	}
	if file := decode(t, bodies["3-integratie/fsc.yaml"]); file["adressen"].(map[string]any)["controllerBeheer"] != "https://fsc-controller.intern.test:9444" {
		t.Error("the administration of the controller does not follow from its address")
	}
	// One file per answer about the outside; what is left for people is an open item.
	if handover := bodies["docs/overdracht.md"]; strings.Contains(handover, "Group ID van de FSC-groep") || !strings.Contains(handover, "PKIoverheid-certificaat") {
		t.Error("the hand-over asks what was answered, or does not ask for a certificate")
	}
	if handover := planned(t, "testdata/minimaal.yaml")["docs/overdracht.md"]; !strings.Contains(handover, "Group ID van de FSC-groep") {
		t.Error("the hand-over does not ask for the group")
	}
}

// TestContracts compares the contracts field by field with what FSC Core 2
// says of the content and what the internal API of OpenFSC takes: flat grants.
func TestContracts(t *testing.T) {
	content := func(grant map[string]any) map[string]any {
		return map[string]any{"contract_content": map[string]any{
			"iv": "<iv>", "group_id": "<groep>", "hash_algorithm": "HASH_ALGORITHM_SHA3_512", "created_at": "<created_at>",
			"validity": map[string]any{"not_before": "<not_before>", "not_after": "<not_after>"}, "grants": []any{grant},
		}}
	}
	connection := func(service string) map[string]any {
		return content(map[string]any{
			"type": "GRANT_TYPE_SERVICE_CONNECTION",
			"outway": map[string]any{"peer_id": "<eigen.oin>", "identification": map[string]any{
				"type": "OUTWAY_IDENTIFICATION_TYPE_PUBLIC_KEY_THUMBPRINT", "public_key_thumbprint": "<outway.public_key_thumbprint>"}},
			"service": map[string]any{"type": "SERVICE_TYPE_SERVICE", "peer_id": "<aanbieder.oin>", "name": service},
		})
	}
	bodies := planned(t, withFSC)
	for name, want := range map[string]map[string]any{
		"verbinding-adressen": connection("adressen.v2"), "verbinding-eigen-diensten": connection("aanvraag-diensten"),
		"publicatie-eigen-diensten": content(map[string]any{
			"type": "GRANT_TYPE_SERVICE_PUBLICATION", "directory": map[string]any{"peer_id": "<directory.oin>"},
			"service": map[string]any{"peer_id": "<eigen.oin>", "name": "aanvraag-diensten", "protocol": "PROTOCOL_TCP_HTTP_1.1"},
		}),
	} {
		var got map[string]any
		if err := json.Unmarshal([]byte(bodies["deploy/openfsc/contracten/"+name+".json"]), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, %v", name, got, err)
		}
	}
}

// TestRequests: the requests for certificates have the form of cfssl.
func TestRequests(t *testing.T) {
	bodies := planned(t, withFSC)
	for name, hosts := range map[string][]any{
		"group":    {"outway.duinstrand.test", "inway.duinstrand.test"},
		"internal": {"outway.duinstrand.test", "aanvraag-outway", "aanvraag-inway"},
	} {
		var got map[string]any
		if err := json.Unmarshal([]byte(bodies["deploy/openfsc/pki/"+name+".csr.json"]), &got); err != nil {
			t.Fatal(err)
		}
		names := []any{map[string]any{"O": "Gemeente 's-Duin & Strand", "C": "NL"}}
		if got["serialnumber"] != "00000099000000001000" || !reflect.DeepEqual(got["hosts"], hosts) || !reflect.DeepEqual(got["names"], names) {
			t.Errorf("%s is %v", name, got)
		}
	}
}

// TestTrial looks at the compose file as far as that goes without containers:
// names of variables, versions in one place, tables before the service, and
// certificates that the program makes.
func TestTrial(t *testing.T) {
	bodies := planned(t, withFSC)
	text := bodies["deploy/openfsc/proef/compose.yaml"]
	if _, there := planned(t, "testdata/minimaal.yaml")["deploy/openfsc/proef/compose.yaml"]; there || !strings.Contains(text, "NIET DOOR ONS GEDRAAID") {
		t.Error("the trial comes unasked, or does not say that it was not run")
	}
	var compose struct {
		Services map[string]struct {
			Image       string
			Command     []string
			Environment map[string]string
			Ports       []string
			DependsOn   yaml.Node `yaml:"depends_on"`
		}
	}
	if err := yaml.Unmarshal([]byte(text), &compose); err != nil {
		t.Fatal(err)
	}
	secret := regexp.MustCompile(`^/pki/(groep|directory|aanbieder|afnemer)/(ca\.pem|groep\.(pem|key)|intern\.(pem|key))$`)
	for name, s := range compose.Services {
		if !regexp.MustCompile(`:(v2\.5\.2|\d[0-9.]*)$`).MatchString(s.Image) {
			t.Errorf("%s: image %s is not pinned", name, s.Image)
		}
		for key, value := range s.Environment {
			if !slices.Contains(envKeys, key) && !strings.HasPrefix(key, "POSTGRES_") {
				t.Errorf("%s: OpenFSC does not know %s", name, key)
			}
			if strings.HasPrefix(value, "/pki/") && !secret.MatchString(value) {
				t.Errorf("%s: nobody makes %s", name, value)
			}
		}
		if dsn := s.Environment["STORAGE_POSTGRES_DSN"]; dsn != "" {
			job := compose.Services["migratie-"+name]
			if !slices.Contains(job.Command, dsn) || job.Image != s.Image || !strings.Contains(marshal(t, s.DependsOn), "migratie-"+name+":\n    condition: service_completed_successfully") {
				t.Errorf("%s starts before its tables are made: %v, %s", name, job.Command, marshal(t, s.DependsOn))
			}
			database := regexp.MustCompile(`/(\w+)\?`).FindStringSubmatch(dsn)[1]
			if !strings.Contains(bodies["deploy/openfsc/proef/database.sql"], "CREATE DATABASE "+database+";") {
				t.Errorf("nobody makes database %s", database)
			}
		}
		for _, port := range s.Ports {
			if !strings.HasPrefix(port, "127.0.0.1:") {
				t.Errorf("%s listens on %s for other machines", name, port)
			}
		}
	}
	if len(compose.Services) < 15 {
		t.Errorf("%d services", len(compose.Services))
	}
	for _, name := range []string{"outway", "inway"} {
		for line := range strings.Lines(bodies["deploy/openfsc/"+name+".env.voorbeeld"]) {
			if key, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") && !slices.Contains(envKeys, key) {
				t.Errorf("%s: OpenFSC does not know %s", name, key)
			}
		}
	}
}

func marshal(t *testing.T, n yaml.Node) string {
	t.Helper()
	raw, err := yaml.Marshal(&n)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
