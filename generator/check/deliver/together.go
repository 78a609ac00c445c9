package deliver

import (
	"encoding/base64"
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// together looks at what has to be there once beside the workloads.
func (l *look) together(s *set) {
	var first *pod
	for i, p := range s.pods {
		if !s.serves(p) {
			continue
		}
		if first == nil {
			first = &s.pods[i]
		}
		if p.kind == "Deployment" {
			l.replicas(s, p)
		}
	}
	if first == nil {
		return
	}
	at := first.document
	l.to.Looked(ruleKubeNetwork, ruleKubeToken)
	if !s.hasKind("NetworkPolic") {
		l.add(check.Finding{Rule: ruleKubeNetwork, Path: at.path, Line: at.line})
	}
	l.to.Looked(ruleKubePDB)
	if several := slices.ContainsFunc(s.pods, s.areSeveral); several && !s.hasKind("PodDisruptionBudget") {
		l.add(check.Finding{Rule: ruleKubePDB, Path: at.path, Line: at.line})
	}
	l.token(s)
}

// areSeveral says whether there are two pods or more that answer requests, so that one of
// them can stay while the other moves.
func (s *set) areSeveral(p pod) bool {
	if p.kind == "DaemonSet" || !s.serves(p) {
		return false
	}
	replicas, known := p.document.get("spec", "replicas")
	if replicas == nil {
		return !known || s.hasKind("HorizontalPodAutoscaler")
	}
	text, _, known := s.word(replicas)
	return known && text != "0" && text != "1"
}

// alone are programs that are one by their nature: a store, or a tool for who maintains it.
var alone = []string{"redis", "valkey", "postgres", "postgis", "mysql", "mariadb", "rabbitmq", "mongo", "elasticsearch", "opensearch", "minio", "flower", "adminer", "pgadmin", "mailpit", "mailhog"}

// isAlone says whether the pods of a workload are one of those, by their files and images.
func (s *set) isAlone(p pod) bool {
	image := ""
	for _, container := range p.containers() {
		text, _, _ := s.word(container.at("image"))
		image += " " + text
	}
	about := strings.ToLower(path.Base(p.document.path) + " " + p.name + " " + image)
	return slices.ContainsFunc(alone, func(name string) bool { return strings.Contains(about, name) }) || s.onlyTool(p)
}

// onlyTool says whether a part of the chart that is off or on by itself is such a tool.
func (s *set) onlyTool(p pod) bool {
	replicas := p.document.at("spec", "replicas").word()
	return slices.ContainsFunc(alone, func(name string) bool { return strings.Contains(strings.ToLower(replicas), "."+name+".") })
}

// hasKind says whether there is a document of a kind of which this is part of the name,
// also when it is not there by default.
func (s *set) hasKind(part string) bool {
	for kind := range s.kinds {
		if strings.Contains(kind, part) {
			return true
		}
	}
	return false
}

// replicas looks for one pod where nothing makes it more.
func (l *look) replicas(s *set, p pod) {
	l.to.Looked(ruleKubeReplicas)
	if s.hasKind("HorizontalPodAutoscaler") || s.hasKind("ScaledObject") || s.isAlone(p) {
		return
	}
	if yes, known := s.is(p.document.at("spec", "strategy", "type"), "Recreate"); yes || !known {
		return // it cannot be two for a while, and somebody thought of that
	}
	replicas, known := p.document.get("spec", "replicas")
	text, from, sure := s.word(replicas)
	if !known || !sure || text != "" && text != "1" {
		return
	}
	at := p.document
	if replicas != nil {
		at = replicas
	}
	if from != nil && from.path != "" {
		at = from
	}
	l.add(check.Finding{Rule: ruleKubeReplicas, Path: at.path, Line: at.line})
}

// token looks for pods that get a key to the API of the cluster without a right to use it.
func (l *look) token(s *set) {
	if s.hasKind("RoleBinding") {
		return // they are there to use it
	}
	off := false
	for _, document := range s.documents {
		if document.at("kind").word() == "ServiceAccount" {
			if at, known := document.get("automountServiceAccountToken"); !known || at != nil {
				if yes, known := s.is(at, "false"); yes || !known {
					off = true
				}
			}
		}
	}
	for _, p := range s.pods {
		at, known := p.spec.get("automountServiceAccountToken")
		if yes, sure := s.is(at, "false"); !known || !sure || yes || at == nil && off {
			continue
		}
		l.add(check.Finding{Rule: ruleKubeToken, Path: p.spec.path, Line: p.document.line})
		return
	}
}

// secretManifest looks for a Secret with the secret in it.
func (l *look) secretManifest(s *set, document *node) {
	l.to.Looked(ruleKubeSecret)
	if document.at("sops") != nil {
		return
	}
	for _, field := range []string{"data", "stringData"} {
		for _, k := range document.at(field).pairs() {
			value := k.value.text
			if field == "data" {
				if decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(value)); err == nil {
					value = string(decoded)
				}
			}
			if (isSecretName(k.name) || k.name == "tls.key" || strings.Contains(value, "PRIVATE KEY-----")) && isRealValue(value) {
				l.add(check.Finding{Rule: ruleKubeSecret, Path: k.value.path, Line: k.value.line, Args: []string{k.name}})
			}
		}
	}
}

func (n *node) pairs() []key {
	if n == nil {
		return nil
	}
	return n.keys
}

// secretEndings are how the name of a secret ends.
var secretEndings = []string{"password", "passwd", "passphrase", "pwd", "secret", "secretkey", "clientsecret", "token", "apikey", "privatekey", "secretaccesskey", "signingkey", "encryptionkey"}

// isSecretName says whether a name is that of a secret itself, and not of where it is.
func isSecretName(name string) bool {
	plain := strings.ToLower(strings.NewReplacer("_", "", "-", "", ".", "").Replace(name))
	if strings.HasPrefix(plain, "existing") || strings.HasPrefix(plain, "use") || strings.HasPrefix(plain, "enable") {
		return false
	}
	for _, ending := range secretEndings {
		if strings.HasSuffix(plain, ending) {
			return true
		}
	}
	return false
}

// isRealValue says whether a text can be the secret: it is not empty, not filled in by
// something else, and not a place to fill it in.
func isRealValue(text string) bool {
	text = strings.TrimSpace(text)
	lower := strings.ToLower(text)
	switch {
	case text == "", lower == "true", lower == "false", lower == "null", lower == "none":
		return false
	case strings.ContainsAny(text, "{}<>$%"), strings.HasPrefix(text, "ENC["), strings.HasPrefix(text, "vault:"), strings.HasPrefix(text, "/"):
		return false
	case strings.Trim(text, "xX*.-_0") == "":
		return false
	}
	for _, word := range []string{"change", "replace", "your", "example", "voorbeeld", "placeholder", "invullen", "todo", "dummy", "override", "fixme", "insert", "ref+"} {
		if strings.Contains(lower, word) {
			return false
		}
	}
	return true
}
