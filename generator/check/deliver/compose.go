package deliver

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// isCompose says by its name whether a file is one of docker compose.
func isCompose(name string) bool {
	lower := strings.ToLower(name)
	if !strings.HasSuffix(lower, ".yml") && !strings.HasSuffix(lower, ".yaml") {
		return false
	}
	rest := strings.TrimPrefix(lower, "docker-")
	if isForDesk(rest) {
		return false
	}
	return strings.HasPrefix(rest, "compose.") || strings.HasPrefix(rest, "compose-") || strings.HasPrefix(rest, "compose_")
}

// compose looks at what the services of a file may do with the machine, and whether
// another one gets the same.
func (l *look) compose(f check.File, body []byte) {
	if isAside(f) || l.isHelper(f.Path) {
		return
	}
	all, ok := l.read(f.Path, body)
	if !ok || len(all) == 0 {
		return
	}
	services := all[0].at("services")
	built := map[string]bool{}
	for _, k := range services.pairs() {
		if k.value.at("build") != nil {
			built[k.value.at("image").word()] = true
		}
	}
	for _, k := range services.pairs() {
		l.to.Looked(ruleComposeHost)
		found := func(kind string, at *node, args ...string) {
			l.add(check.Finding{Rule: ruleComposeHost, Case: kind, Path: f.Path, Line: at.line, Args: append([]string{k.name}, args...)})
		}
		if at := k.value.at("privileged"); at.word() == "true" {
			found("privileged", at)
		}
		for _, name := range []string{"network_mode", "pid", "ipc"} {
			if at := k.value.at(name); at.word() == "host" {
				found("namespace", at, name)
			}
		}
		for _, volume := range k.value.at("volumes").list() {
			source, _, _ := strings.Cut(volume.word(), ":")
			if source += volume.at("source").word(); strings.HasSuffix(source, "/docker.sock") || strings.HasSuffix(source, "/podman.sock") {
				found("socket", volume)
			}
		}
		l.serves = l.serves || k.value.at("build") != nil && len(k.value.at("ports").list()) > 0
		l.composeImage(f, k, built)
	}
}

func (l *look) composeImage(f check.File, service key, built map[string]bool) {
	at := service.value.at("image")
	if at == nil || service.value.at("build") != nil || built[at.text] {
		return // what is built here has no version yet
	}
	l.to.Looked(ruleComposeImage)
	text, known := substitute(at.text, func(string) (string, bool) { return "", false })
	if !known {
		return
	}
	if ref := parseImage(text); ref.floats() {
		l.add(check.Finding{Rule: ruleComposeImage, Case: ref.how(), Path: f.Path, Line: at.line, Args: []string{service.name, text}})
	}
}
