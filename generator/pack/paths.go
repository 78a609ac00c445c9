package pack

import (
	"path"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// A rule is about paths that no pack fills, with the reason.
type rule struct {
	shown string // the rule as people read it
	fits  func(output string) bool
	why   problem.Words
}

// within fits a folder and all in it, or a file.
func within(folder string) func(string) bool {
	return func(output string) bool { return output == folder || strings.HasPrefix(output, folder+"/") }
}

// named fits files and folders of one of these names, wherever they are.
func named(names ...string) func(string) bool {
	return func(output string) bool {
		for segment := range strings.SplitSeq(output, "/") {
			for _, name := range names {
				if segment == name {
					return true
				}
			}
		}
		return false
	}
}

// forGit are the names that begin with .git and that a pack may fill.
var forGit = []string{".github", ".gitlab", ".gitlab-ci.yml", ".gitkeep"}

// rules are judged on the path in the component, in the form in which two paths
// are the same on a system that ignores case.
var rules = []rule{
	{"kern/", within("kern"), problem.Words{
		NL: "kern is in elk component hetzelfde en wordt bij een update in zijn geheel vervangen; een pagina of stijl in 5-interactie gaat voor die in kern",
		EN: "kern is the same in every component and is replaced as a whole; a page or style in 5-interactie comes in the place of the one in kern"}},
	{".fieldlab/", within(".fieldlab"), problem.Words{
		NL: "daar onthoudt fieldlab zelf wat het maakte",
		EN: "fieldlab remembers there what it made"}},
	{".git*", func(output string) bool {
		for segment := range strings.SplitSeq(output, "/") {
			if strings.HasPrefix(segment, ".git") && !named(forGit...)(segment) {
				return true
			}
		}
		return false
	}, problem.Words{
		NL: "daarmee stuurt een bestand Git zelf: wat er draait bij een commit, wat er buiten de geschiedenis blijft en wat er van elders bij komt",
		EN: "such a file steers Git itself: what runs at a commit, what stays out of history and what comes from elsewhere"}},
	{"go.mod, go.sum, go.work, vendor/", named("go.mod", "go.sum", "go.work", "go.work.sum", "vendor"), problem.Words{
		NL: "alle componenten hebben dezelfde modules, zodat een bundel genoeg is om zonder netwerk te bouwen",
		EN: "all components have the same modules, so that a bundle is enough to build without a network"}},
	{"fieldlab.yaml", within("fieldlab.yaml"), problem.Words{
		NL: "dat zijn de antwoorden van het team",
		EN: "those are the answers of the team"}},
	{"1-gegevens/migraties/", within("1-gegevens/migraties"), problem.Words{
		NL: "migraties volgen uit de antwoorden, en een die er is verandert nooit",
		EN: "migrations follow from the answers, and one that is there never changes"}},
	{"CHANGELOG.md", within("changelog.md"), problem.Words{
		NL: "het team schrijft daar verder, en elke update zet er een regel bij",
		EN: "the team writes on there, and every update adds a line"}},
	{"LICENSE", within("license"), problem.Words{
		NL: "de licentie is een antwoord (component.licence), en publiccode.yml zegt hetzelfde; een tekst boven elk bestand kan met header",
		EN: "the licence is an answer (component.licence), and publiccode.yml says the same; a text above each file is what header is for"}},
	{".devcontainer/, .vscode/, .idea/, .envrc, …", startsItself, problem.Words{
		NL: "wat daarin staat, voert een editor, een shell, een AI-assistent of een haak van Git uit zonder dat iemand het start",
		EN: "an editor, a shell, an AI assistant or a hook of Git runs what stands there without anybody starting it"}},
	{"*.c, *.s, *.so, *.exe, *.lnk, …", func(output string) bool {
		switch path.Ext(output) {
		case ".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".m", ".s", ".syso", ".swig", ".f", ".a", ".o", ".so", ".dll", ".dylib", ".exe", ".com", ".msi", ".wasm", ".class", ".jar", ".pyc", ".node",
			// What one click starts on a laptop.
			".scr", ".pif", ".lnk", ".hta", ".vbs", ".vbe", ".jse", ".wsf", ".wsh", ".cpl", ".reg", ".scf", ".url", ".webloc", ".desktop", ".scpt":
			return true
		}
		return false
	}, problem.Words{
		NL: "een component bouwt op elke laptop met alleen Go; vertaalde programma's en code in een andere taal horen er niet in",
		EN: "a component builds on every laptop with Go alone; compiled programs and code in another language do not belong in it"}},
}

// startsItself fits what a program on a laptop reads in every folder that somebody
// opens or enters, and that can name a command.
var startsItself = named(
	".devcontainer", ".devcontainer.json", ".vscode", ".idea", ".fleet", ".zed", ".sublime-project", // editors
	".exrc", ".vimrc", ".nvimrc", ".nvim.lua", ".vim", ".dir-locals.el", ".dir-locals-2.el",
	".envrc", ".autoenv", ".autoenv.zsh", ".mise", ".mise.toml", "mise.toml", // shells
	".husky", ".lefthook.yml", "lefthook.yml", ".pre-commit-config.yaml", ".overcommit.yml", // hooks of Git
	".claude", ".mcp.json", ".cursor", ".windsurf", ".gemini", ".codex", ".kiro", ".aider.conf.yml", // assistants
)

// forbidden gives the rule that a path in the component breaks.
func forbidden(output string) (rule, bool) {
	folded := plan.Fold(output)
	for _, r := range rules {
		if r.fits(folded) {
			return r, true
		}
	}
	return rule{}, false
}

// A pathWord is what plan.CheckPath says, in Dutch.
var pathWords = []struct{ en, nl string }{
	{"is empty", "is leeg"},
	{"is longer than", "is te lang"},
	{"is not valid UTF-8", "is geen geldige UTF-8"},
	{"is not in Unicode normal form C", "is niet in de vorm NFC van Unicode"},
	{"is absolute", "is absoluut"},
	{"holds a backslash", "heeft een backslash"},
	{"has an empty, . or .. segment", "heeft een deel dat leeg, . of .. is"},
	{"has a name longer than", "heeft een te lange naam"},
	{"has a name that begins or ends with a space", "heeft een naam die met een spatie begint of eindigt, of op een punt eindigt"},
	{"has a character that Windows does not allow", "heeft een teken dat Windows niet toelaat"},
	{"has a name that looks like an option", "heeft een naam die op een optie lijkt"},
	{"has an invisible character", "heeft een onzichtbaar teken"},
	{"is inside .git", "ligt in .git"},
	{"has a name that Windows reserves", "heeft een naam die Windows voor zichzelf houdt"},
}

// pathFault says what is wrong with a path, in both languages.
func pathFault(err error) problem.Words {
	text := err.Error()
	for _, words := range pathWords {
		if at := strings.LastIndex(text, `" `+words.en); at >= 0 {
			return problem.Words{NL: words.nl, EN: text[at+2:]}
		}
	}
	return problem.Words{NL: text, EN: text}
}

// segments stand in a path for one item each.
var segments = []string{"[entity]", "[source]", "[service]"}

// judgePath judges the path of a file of the pack, below files/.
func judgePath(name string) (found problem.List) {
	add := func(code problem.Code, args ...any) {
		found = append(found, problem.New(code, "", args...).At(FilesFolder+"/"+name, 0, 0))
	}
	output := outputOf(name)
	for _, at := range []string{output, Folder + "/" + FilesFolder + "/" + name} {
		if err := plan.CheckPath(at); err != nil {
			add(problem.PackPath, pathFault(err))
			return found
		}
	}
	if r, is := forbidden(output); is {
		add(problem.PackForbidden, problem.Words{NL: r.shown, EN: r.shown}, r.why)
	}
	held := 0
	for _, segment := range segments {
		if strings.Contains(output, segment) {
			held++
		}
	}
	switch {
	case held > 1:
		add(problem.PackSegments, strings.Join(segments, ", "))
	case held == 1 && !isTemplate(name):
		add(problem.PackSegmentStatic)
	}
	return found
}
