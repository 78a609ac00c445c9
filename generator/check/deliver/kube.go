package deliver

import (
	"path"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// judge holds what is deployed together against what Kubernetes and Haven ask.
func (l *look) judge(s *set) {
	for _, p := range s.pods {
		l.podOf(s, p)
	}
	for _, document := range s.documents {
		l.removedAPI(document)
		switch document.at("kind").word() {
		case "Ingress":
			l.ingress(document)
		case "Secret":
			l.secretManifest(s, document)
		}
	}
	l.together(s)
}

// podOf looks at the pods of one workload.
func (l *look) podOf(s *set, p pod) {
	l.host(s, p)
	for _, container := range p.all() {
		l.to.Looked(ruleKubeSecurity, ruleKubeImage)
		if missing, at := s.security(p, container); len(missing) > 0 {
			l.add(check.Finding{Rule: ruleKubeSecurity, Path: at.path, Line: at.line, Args: []string{s.called(p, container), strings.Join(missing, ", ")}})
		}
		l.kubeImage(s, p, container)
	}
	for _, container := range p.containers() {
		l.to.Looked(ruleKubeResources)
		if missing, at := s.resources(container); len(missing) > 0 {
			l.add(check.Finding{Rule: ruleKubeResources, Path: at.path, Line: at.line, Args: []string{s.called(p, container), strings.Join(missing, ", ")}})
		}
		if len(container.at("ports").list()) > 0 && s.serves(p) {
			l.probes(s, p, container)
		}
	}
}

func (l *look) probes(s *set, p pod, container *node) {
	l.to.Looked(ruleKubeProbes)
	ready, readyKnown := container.get("readinessProbe")
	alive, aliveKnown := container.get("livenessProbe")
	f := check.Finding{Rule: ruleKubeProbes, Path: container.path, Line: container.line, Args: []string{s.called(p, container)}}
	switch {
	case readyKnown && ready.isEmpty():
		f.Case = "readiness"
	case aliveKnown && alive.isEmpty():
		f.Case = "liveness"
	case sameProbe(ready, alive):
		f.Case, f.Path, f.Line = "same", alive.path, alive.line
	default:
		return
	}
	l.add(f)
}

// dangerous are the rights with which a container can take over its machine.
var dangerous = []string{"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "NET_ADMIN", "SYS_RAWIO", "DAC_READ_SEARCH"}

// host looks for what reaches the machine itself.
func (l *look) host(s *set, p pod) {
	l.to.Looked(ruleKubeHost)
	found := func(kind string, at *node, args ...string) {
		l.add(check.Finding{Rule: ruleKubeHost, Case: kind, Path: at.path, Line: at.line, Args: args})
	}
	for _, name := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		if at := p.spec.at(name); at != nil {
			if yes, _ := s.is(at, "true"); yes {
				found("namespace", at, name)
			}
		}
	}
	for _, volume := range p.spec.at("volumes").list() {
		if at := volume.at("hostPath"); at != nil {
			path, _, _ := s.word(at.at("path"))
			found("path", at, path)
		}
	}
	for _, container := range p.all() {
		context := container.at("securityContext")
		if at := context.at("privileged"); at != nil {
			if yes, _ := s.is(at, "true"); yes {
				found("privileged", at, s.called(p, container))
			}
		}
		for _, one := range context.at("capabilities", "add").list() {
			text, _, known := s.word(one)
			if name := strings.TrimPrefix(strings.ToUpper(text), "CAP_"); known && slices.Contains(dangerous, name) {
				found("capability", one, s.called(p, container), name)
			}
		}
	}
}

// kubeImage looks for an image that is another one tomorrow.
func (l *look) kubeImage(s *set, p pod, container *node) {
	at := container.at("image")
	text, from, known := s.word(at)
	if !known || text == "" || strings.HasPrefix(text, ":") {
		return
	}
	ref := parseImage(text)
	if s.kustomize[ref.name] || !ref.floats() {
		return
	}
	if from != nil && from.path != "" {
		at = from
	}
	l.add(check.Finding{Rule: ruleKubeImage, Case: ref.how(), Path: at.path, Line: at.line, Args: []string{s.called(p, container), text}})
}

// ingress looks for one that is open without encryption.
func (l *look) ingress(document *node) {
	l.to.Looked(ruleKubeTLS)
	if document.encrypts || mentions(document, 0, "tls", "cert", "ssl") || document.open || document.at("spec").isOpen() {
		return
	}
	for _, rule := range document.at("spec", "rules").list() {
		if host := rule.at("host").word(); isLocal(host) {
			return
		}
	}
	l.add(check.Finding{Rule: ruleKubeTLS, Path: document.path, Line: document.line, Args: []string{document.called()}})
}

func (n *node) isOpen() bool { return n != nil && n.open }

// called is the name of a document, or else that of its file.
func (n *node) called() string {
	if name := n.at("metadata", "name").word(); name != "" && !strings.Contains(name, "{{") {
		return name
	}
	return path.Base(n.path)
}

// isLocal says whether a host is of a machine on a desk.
func isLocal(host string) bool {
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.HasSuffix(host, ".local") || strings.HasSuffix(host, ".test") ||
		strings.HasSuffix(host, "nip.io") || strings.HasSuffix(host, ".internal")
}

// mentions says whether a key or a word in a document has one of these in it.
func mentions(n *node, depth int, words ...string) bool {
	if n == nil || depth > maxDepth {
		return false
	}
	has := func(text string) bool {
		text = strings.ToLower(text)
		return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
	}
	if has(n.text) {
		return true
	}
	for _, k := range n.keys {
		if has(k.name) || mentions(k.value, depth+1, words...) {
			return true
		}
	}
	for _, item := range n.items {
		if mentions(item, depth+1, words...) {
			return true
		}
	}
	return false
}

// removed are forms of the API of Kubernetes that no supported version has, and what came
// instead. Source: kubernetes.io, Deprecated API Migration Guide.
var removed = map[string]string{
	"extensions/v1beta1 Deployment":                        "apps/v1",
	"extensions/v1beta1 DaemonSet":                         "apps/v1",
	"extensions/v1beta1 ReplicaSet":                        "apps/v1",
	"extensions/v1beta1 Ingress":                           "networking.k8s.io/v1",
	"extensions/v1beta1 NetworkPolicy":                     "networking.k8s.io/v1",
	"apps/v1beta1 Deployment":                              "apps/v1",
	"apps/v1beta1 StatefulSet":                             "apps/v1",
	"apps/v1beta2 Deployment":                              "apps/v1",
	"apps/v1beta2 StatefulSet":                             "apps/v1",
	"apps/v1beta2 DaemonSet":                               "apps/v1",
	"networking.k8s.io/v1beta1 Ingress":                    "networking.k8s.io/v1",
	"batch/v1beta1 CronJob":                                "batch/v1",
	"policy/v1beta1 PodDisruptionBudget":                   "policy/v1",
	"policy/v1beta1 PodSecurityPolicy":                     "",
	"autoscaling/v2beta1 HorizontalPodAutoscaler":          "autoscaling/v2",
	"autoscaling/v2beta2 HorizontalPodAutoscaler":          "autoscaling/v2",
	"rbac.authorization.k8s.io/v1beta1 Role":               "rbac.authorization.k8s.io/v1",
	"rbac.authorization.k8s.io/v1beta1 RoleBinding":        "rbac.authorization.k8s.io/v1",
	"rbac.authorization.k8s.io/v1beta1 ClusterRole":        "rbac.authorization.k8s.io/v1",
	"rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding": "rbac.authorization.k8s.io/v1",
}

// removedAPI looks for what a cluster of today refuses. A chart that chooses by the version
// of the cluster has the old form in its text as well, and it does no harm.
func (l *look) removedAPI(document *node) {
	l.to.Looked(ruleKubeAPI)
	versions := 0
	for _, k := range document.keys {
		if k.name == "apiVersion" {
			versions++
		}
	}
	at := document.at("apiVersion")
	kind := document.at("kind").word()
	instead, gone := removed[at.word()+" "+kind]
	if versions != 1 || !gone {
		return
	}
	f := check.Finding{Rule: ruleKubeAPI, Case: "instead", Path: at.path, Line: at.line, Args: []string{kind, at.word(), instead}}
	if instead == "" {
		f.Case, f.Args = "gone", f.Args[:2]
	}
	l.add(f)
}
