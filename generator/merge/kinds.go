package merge

import (
	"path"
	"strings"
)

// form is what a kind of file is like.
type form struct {
	opaque bool // nobody looks inside
	only   bool // lines say nothing: only merge can do it
	whole  bool // it cannot hold markers
	first  bool // merge knows better than lines, also where lines fit
	// sound says that a text can be read.
	sound func(lines []string) bool
	// merge knows the form; it is asked when lines are not enough.
	merge func(s sides, labels Labels) merged
	// finish gives a merged text the style of ours.
	finish func(s sides, lines []string) []string
}

// markless are files that cannot hold markers, or that a person cannot solve them in.
var markless = form{whole: true}

var forms = map[string]form{
	".go": goForm, ".yaml": yamlForm, ".yml": yamlForm, ".json": jsonForm, ".bpmn": bpmnForm, ".md": markdownForm,
	".sql": markless, ".csv": markless, ".svg": {whole: true, sound: soundXML}, ".xml": {whole: true, sound: soundXML},
}

// pictures and archives are no text, also where no NUL gives them away.
const closed = " .png .jpg .jpeg .gif .ico .webp .pdf .zip .gz .tar .woff .woff2 .ttf .otf .db .xlsx .docx .p12 .der "

func formOf(name string) form {
	name = path.Clean(strings.ReplaceAll(name, `\`, "/"))
	ext := strings.ToLower(path.Ext(name))
	if strings.HasPrefix(name, ".fieldlab/") || strings.Contains(closed, " "+ext+" ") {
		return form{opaque: true}
	}
	switch base := path.Base(name); {
	case strings.Contains(name, "/templates/"): // of Helm: YAML only once it is rendered
		return form{}
	case base == "go.mod":
		return modForm
	case base == "go.sum":
		return sumForm
	case base == ".gitignore", base == ".dockerignore", base == ".helmignore", base == ".gitattributes", base == "CODEOWNERS":
		return listForm
	case strings.HasPrefix(base, "CHANGELOG"):
		return changelogForm
	}
	return forms[ext]
}

// soundXML says that a text can be read.
func soundXML(lines []string) bool {
	_, _, _, ok := readXML(string(joined(lines)))
	return ok
}
