package deliver

import (
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// dockerfile holds the description of an image against what a reviewer asks of it.
func (l *look) dockerfile(name string, body []byte) {
	d := parseDockerfile(name, body)
	if len(d.stages) == 0 {
		return
	}
	l.images = true
	l.runsAs(d, body)
	for i, s := range d.stages {
		l.base(d, i)
		final := i == len(d.stages)-1
		for _, step := range s.steps {
			l.step(d, step, final)
		}
	}
	l.context(d)
}

func (l *look) runsAs(d *dockerfile, body []byte) {
	l.to.Looked(ruleImageUser)
	last := d.stages[len(d.stages)-1]
	kind, line := d.user()
	switch {
	case kind == "other":
	case parseImage(last.base).name == "scratch" && !last.starts():
		// files for other images: nothing runs
	case strings.Contains(string(body), "gosu ") || strings.Contains(string(body), "su-exec") || strings.Contains(string(body), "setpriv"):
		// it begins as root and becomes somebody else: a script decides
	case kind == "unknown":
		l.to.Miss(ruleImageUser, d.path, "base-image")
	default:
		l.add(check.Finding{Rule: ruleImageUser, Path: d.path, Line: line})
	}
}

// starts says whether a stage says what runs.
func (s stage) starts() bool {
	for _, step := range s.steps {
		if step.name == "CMD" || step.name == "ENTRYPOINT" {
			return true
		}
	}
	return false
}

func (l *look) base(d *dockerfile, i int) {
	s := d.stages[i]
	l.to.Looked(ruleImageBase)
	if s.base == "" || s.base == "scratch" || d.stageNamed(s.base, i) >= 0 {
		return
	}
	ref := parseImage(s.base)
	if ref.floats() {
		l.add(check.Finding{Rule: ruleImageBase, Case: ref.how(), Path: d.path, Line: s.line, Args: []string{s.base}})
	}
	l.runtimeImage(d.path, s.line, ref)
}

// step looks at one instruction.
func (l *look) step(d *dockerfile, step instruction, final bool) {
	switch step.name {
	case "ENV":
		l.env(d, step)
	case "ARG":
		if final {
			l.arg(d, step)
		}
	case "COPY", "ADD":
		l.copied(d, step)
	case "RUN":
		l.to.Looked(ruleImageDownload)
		if (strings.Contains(step.args, "curl") || strings.Contains(step.args, "wget")) && piped().MatchString(step.args) {
			l.add(check.Finding{Rule: ruleImageDownload, Case: "piped", Path: d.path, Line: step.line})
		}
	case "EXPOSE":
		if final {
			l.exposed(d, step)
		}
	}
}

// piped is what is fetched and run at once.
var piped = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(curl|wget)\b[^|;&\n]*\|\s*(sudo\s+(-\w+\s+)*)?(/bin/)?(ba|da|z|k)?sh\b|\b(ba|z)?sh\s+(-c\s+)?["']?[<$]\(\s*(curl|wget)\b`)
})

// pairs are the names and values of ENV or ARG.
func (step instruction) pairs() [][2]string {
	var all [][2]string
	if first, rest, found := strings.Cut(step.args, " "); step.name == "ENV" && found && !strings.Contains(first, "=") {
		return [][2]string{{first, strings.TrimSpace(rest)}} // the old form
	}
	for word := range strings.FieldsSeq(step.args) {
		if name, value, found := strings.Cut(word, "="); found {
			all = append(all, [2]string{name, unquoted(value)})
		} else if step.name == "ARG" {
			all = append(all, [2]string{name, ""})
		}
	}
	return all
}

func (l *look) env(d *dockerfile, step instruction) {
	l.to.Looked(ruleImageSecret)
	for _, pair := range step.pairs() {
		if isSecretName(pair[0]) && isRealValue(pair[1]) {
			l.add(check.Finding{Rule: ruleImageSecret, Case: "env", Path: d.path, Line: step.line, Args: []string{pair[0]}})
		}
	}
}

// arg looks at an argument of the last stage: its value stays in the history of the image.
func (l *look) arg(d *dockerfile, step instruction) {
	l.to.Looked(ruleImageSecret)
	for _, pair := range step.pairs() {
		if isSecretName(pair[0]) && (pair[1] == "" && !strings.Contains(step.args, "=") || isRealValue(pair[1])) {
			l.add(check.Finding{Rule: ruleImageSecret, Case: "arg", Path: d.path, Line: step.line, Args: []string{pair[0]}})
		}
	}
}

func (l *look) copied(d *dockerfile, step instruction) {
	l.to.Looked(ruleImageSecret)
	words := strings.Fields(strings.NewReplacer("[", " ", "]", " ", ",", " ", `"`, " ").Replace(step.args))
	checked := false
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		if strings.HasPrefix(words[0], "--from=") {
			return
		}
		checked = checked || strings.HasPrefix(words[0], "--checksum=")
		words = words[1:]
	}
	if len(words) < 2 {
		return
	}
	for _, source := range words[:len(words)-1] {
		if step.name == "ADD" && (strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")) {
			l.to.Looked(ruleImageDownload)
			if !checked {
				l.add(check.Finding{Rule: ruleImageDownload, Case: "add", Path: d.path, Line: step.line, Args: []string{source}})
			}
		}
		if isKeyFile(source) && !l.r.Has(path.Join(path.Dir(d.path), source)) && !l.r.Has(path.Clean(source)) {
			l.add(check.Finding{Rule: ruleImageSecret, Case: "copy", Path: d.path, Line: step.line, Args: []string{source}})
		}
	}
}

// isKeyFile says whether a file holds secrets by its name. One that is in the repository
// is for who looks at files with secrets.
func isKeyFile(name string) bool {
	base := strings.ToLower(path.Base(name))
	switch base {
	case ".env", "id_rsa", "id_ed25519", "id_ecdsa", ".ssh", ".aws", ".netrc", ".pgpass":
		return true
	}
	switch path.Ext(base) {
	case ".key", ".p12", ".pfx", ".jks":
		return true
	}
	return false
}

// context looks for a Dockerfile that takes everything along, with nothing that says what
// stays out.
func (l *look) context(d *dockerfile) {
	for _, s := range d.stages {
		for _, step := range s.steps {
			words := strings.Fields(strings.NewReplacer("[", " ", "]", " ", ",", " ", `"`, " ").Replace(step.args))
			for len(words) > 0 && strings.HasPrefix(words[0], "--") && !strings.HasPrefix(words[0], "--from=") {
				words = words[1:]
			}
			if step.name != "COPY" && step.name != "ADD" || len(words) != 2 || words[0] != "." && words[0] != "./" {
				continue
			}
			l.to.Looked(ruleImageContext)
			if !l.hasIgnore(d.path) {
				l.add(check.Finding{Rule: ruleImageContext, Path: d.path, Line: step.line})
			}
			return
		}
	}
}

// hasIgnore says whether there is a .dockerignore for a Dockerfile: its own, or in its
// folder or one above, for each of these can be the context.
func (l *look) hasIgnore(name string) bool {
	if _, found := l.r.Find(name + ".dockerignore"); found {
		return true
	}
	for at := path.Dir(name); ; at = path.Dir(at) {
		for _, ignore := range []string{".dockerignore", ".containerignore"} {
			if l.r.Has(path.Join(at, ignore)) {
				return true
			}
		}
		if at == "." {
			return false
		}
	}
}

func (l *look) exposed(d *dockerfile, step instruction) {
	l.to.Looked(ruleImagePort)
	l.serves = true
	for word := range strings.FieldsSeq(step.args) {
		port, _, _ := strings.Cut(word, "/")
		if n, err := strconv.Atoi(port); err == nil && n > 0 && n < 1024 {
			l.add(check.Finding{Rule: ruleImagePort, Path: d.path, Line: step.line, Args: []string{port}})
		}
	}
}
