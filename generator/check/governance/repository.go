package governance

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

const (
	publicCode    = "Standard for Public Code 0.8.0, "
	publicCodeURL = "https://standard.publiccode.net/criteria/"
)

// ask makes a rule that a criterion of the Standard for Public Code asks.
func ask(id string, severity check.Severity, criterion string) check.Rule {
	page := strings.ReplaceAll(strings.ToLower(criterion), " ", "-")
	return check.Rule{ID: id, Group: check.Repository, Severity: severity, Source: publicCode + criterion, URL: publicCodeURL + page + ".html"}
}

func person(r check.Rule) check.Rule {
	r.By = check.Person
	return r
}

func yields(r check.Rule, rules ...string) check.Rule {
	r.Yields = rules
	return r
}

func repositoryRules() []check.Rule {
	portable := func(id string, severity check.Severity, source, url string) check.Rule {
		return check.Rule{ID: id, Group: check.Repository, Severity: severity, Source: source, URL: url}
	}
	const ignoreURL = "https://git-scm.com/docs/gitignore"
	return []check.Rule{
		ask("repo-licence", check.Error, "Publish with an open license"),
		ask("repo-licence-name", check.Note, "Publish with an open license"),
		ask("repo-copyright", check.Warning, "Publish with an open license"),
		ask("repo-readme", check.Error, "Document the code"),
		yields(ask("repo-readme-title", check.Warning, "Document codebase objectives"), "leftover-readme"),
		ask("repo-contributing", check.Warning, "Welcome contributors"),
		ask("repo-governance", check.Warning, "Welcome contributors"),
		ask("repo-conduct", check.Warning, "Welcome contributors"),
		ask("repo-security", check.Warning, "Make contributing easy"),
		{ID: "repo-changelog", Group: check.Repository, Severity: check.Warning, Source: "NL API Design Rules 2.2, /core/changelog", URL: "https://gitdocumentatie.logius.nl/publicatie/api/adr/"},
		ask("repo-ci", check.Warning, "Use continuous integration"),
		ask("repo-tests", check.Warning, "Use continuous integration"),
		ask("repo-docs", check.Note, "Document the code"),
		ask("repo-style", check.Note, "Use a coherent style"),
		portable("repo-ignore-secrets", check.Warning, publicCode+"Code in the open", publicCodeURL+"code-in-the-open.html"),
		portable("repo-committed-output", check.Warning, "gitignore(5)", ignoreURL),
		portable("repo-large-file", check.Warning, publicCode+"Maintain version control", publicCodeURL+"maintain-version-control.html"),
		portable("repo-lockfile", check.Warning, publicCode+"Use continuous integration", publicCodeURL+"use-continuous-integration.html"),
		portable("repo-portable", check.Error, publicCode+"Make the codebase reusable and portable", publicCodeURL+"make-the-codebase-reusable-and-portable.html"),
		portable("repo-merge-marker", check.Error, "git-merge(1), How conflicts are presented", "https://git-scm.com/docs/git-merge"),
		portable("repo-line-ends", check.Warning, "gitattributes(5), text and eol", "https://git-scm.com/docs/gitattributes"),
		portable("repo-encoding", check.Warning, "RFC 3629 (UTF-8)", "https://www.rfc-editor.org/rfc/rfc3629"),
		portable("repo-security-txt", check.Error, "RFC 9116, 2.5.3 and 2.5.5", "https://www.rfc-editor.org/rfc/rfc9116"),
		portable("repo-accessibility-claim", check.Warning, "Besluit digitale toegankelijkheid overheid", "https://www.digitoegankelijk.nl/"),
		person(ask("repo-person-open", check.Note, "Code in the open")),
		person(ask("repo-person-policy", check.Note, "Bundle policy and source code")),
		person(ask("repo-person-review", check.Note, "Require review of contributions")),
		person(ask("repo-person-tracker", check.Note, "Make contributing easy")),
		person(ask("repo-person-reuse", check.Note, "Make the codebase reusable and portable")),
		person(ask("repo-person-standards", check.Note, "Use open standards")),
		person(ask("repo-person-maturity", check.Note, "Document codebase maturity")),
		person(portable("repo-person-principles", check.Note, "Common Ground informatiearchitectuurprincipes (VNG, 2019)", "https://www.gemmaonline.nl/wiki/Common_Ground_informatiearchitectuurprincipes")),
		person(portable("repo-person-accessibility", check.Note, "Besluit digitale toegankelijkheid overheid; EN 301 549 (WCAG 2.1 A and AA)", "https://www.digitoegankelijk.nl/")),
	}
}

// repository judges the rules on files and documents of the repository itself.
func (l *look) repository() {
	if len(l.paths) == 0 {
		return
	}
	l.licence()
	l.copyright()
	l.readme()
	l.community()
	l.security()
	l.process()
	l.tests()
	l.style()
	l.ignoreSecrets()
	l.committedOutput()
	l.largeFiles()
	l.lockfiles()
	l.portable()
	l.securityTxt()
	l.lineEnds()
}

// licence looks for a licence in the root, or in LICENSES as REUSE has it.
func (l *look) licence() {
	l.to.Looked("repo-licence")
	file, text, ok := l.first("license", "license.md", "license.txt", "license.rst", "copying", "copying.md", "copying.txt")
	if british, words, found := l.first("licence", "licence.md", "licence.txt", "licence.rst"); found {
		l.to.Looked("repo-licence-name")
		if !ok {
			file, text, ok = british, words, true
			l.to.Add(check.Finding{Rule: "repo-licence-name", Path: file, Args: []string{file}, Fix: &check.Fix{Path: "LICENSE", Text: words, Create: true}})
		}
	} else if ok {
		l.to.Looked("repo-licence-name")
	}
	// A file that leads to LICENSES says no name of a licence itself.
	if (!ok || licenceName(text) == "" && strings.Contains(text, "LICENSES/")) && l.any(func(p string) bool { return strings.HasPrefix(p, "licenses/") }) {
		return
	}
	switch {
	case !ok:
		l.found("repo-licence", "missing", "", 0)
	case strings.TrimSpace(text) == "":
		l.found("repo-licence", "empty", file, 0)
	case licenceName(text) == "" && !knownLicence(text):
		l.found("repo-licence", "unknown", file, 0)
	}
}

// knownLicence recognises the open licences of which the text does not say its own name,
// and names of licences in words such as "GPLv3".
func knownLicence(text string) bool {
	lower := strings.Join(strings.Fields(strings.ToLower(text)), " ")
	for _, phrase := range []string{
		"permission is hereby granted, free of charge, to any person obtaining a copy", // MIT
		"permission to use, copy, modify, and/or distribute this software",             // ISC
		"redistribution and use in source and binary forms",                            // BSD
		"this is free and unencumbered software",                                       // Unlicense
		"gplv2", "gplv3", "gpl-2.0", "gpl-3.0", "apache-2.0", "mpl-2.0", "lgpl", "agpl",
		"eclipse public license", "boost software license", "the artistic license", "cecill", "creative commons",
		"licentie: eupl", "openbare licentie van de europese unie",
	} {
		if strings.Contains(lower, phrase) {
			return true
		}
	}
	return false
}

// copyright looks for a line with a year and an owner.
func (l *look) copyright() {
	l.to.Looked("repo-copyright")
	for _, name := range []string{
		"license", "license.md", "license.txt", "license.rst", "licence", "licence.md", "licence.txt", "copying", "copyright", "copyright.md", "copyright.txt",
		"notice", "notice.md", "notice.txt", "readme.md", "readme.rst", "readme.txt", "readme.adoc", "readme", "authors", "authors.md", "reuse.toml", ".reuse/dep5", "package.json",
	} {
		if _, text, ok := l.text(name); ok && hasCopyrightLine(text) {
			return
		}
	}
	if l.documents.copyrightHeader {
		return
	}
	l.found("repo-copyright", "", "", 0)
}

// hasCopyrightLine says whether a line names an owner, after a year or the sign of
// copyright. What a licence has as an example ("[yyyy] [name]", "<year>") is none, and the
// author of the licence itself is not ours.
func hasCopyrightLine(text string) bool {
	for line := range strings.Lines(text) {
		lower := strings.ToLower(line)
		at := strings.Index(lower, "copyright")
		if sign := strings.Index(lower, "©"); at < 0 || sign >= 0 && sign < at {
			at = sign
		}
		if at < 0 || blank(lower[at:]) || slices.ContainsFunc(notOurs, func(w string) bool { return strings.Contains(lower[at:], w) }) {
			continue
		}
		rest := lower[at:]
		told, owner := strings.Contains(rest, "(c)") || strings.Contains(rest, "©"), false
		for _, word := range strings.FieldsFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			switch {
			case len(word) == 4 && (strings.HasPrefix(word, "19") || strings.HasPrefix(word, "20")) && isDigit(word[2]) && isDigit(word[3]):
				told = true
			case slices.Contains([]string{"copyright", "c", "by", "spdx", "filecopyrighttext", "all", "rights", "reserved"}, word):
			case unicode.IsLetter([]rune(word)[0]):
				owner = true
			}
		}
		if told && owner {
			return true
		}
	}
	return false
}

// blank says whether something is still to be filled in: "[name]" or "{name}". A link of
// Markdown is not.
func blank(line string) bool {
	for {
		_, rest, found := strings.Cut(line, "[")
		if !found {
			return strings.Contains(line, "{")
		}
		_, after, closed := strings.Cut(rest, "]")
		if !closed || !strings.HasPrefix(after, "(") {
			return true
		}
		line = after
	}
}

// notOurs are words of the texts of licences.
var notOurs = []string{"free software foundation", "european union", "europese unie", "yyyy", "<year>", "<name", "<copyright", "year name of"}

// readmeNames are where a platform looks for a readme.
var readmeNames = []string{"readme.md", "readme.rst", "readme.txt", "readme.adoc", "readme", ".github/readme.md", "docs/readme.md"}

func (l *look) readme() {
	l.to.Looked("repo-readme")
	file, text, ok := l.first(readmeNames...)
	switch {
	case !ok && l.any(func(p string) bool { return strings.HasPrefix(p, "readme.") && !strings.Contains(p, "/") }):
		return // README.nl.md, README.rst in another language
	case !ok:
		l.found("repo-readme", "missing", "", 0)
		return
	case len(strings.TrimSpace(text)) < 60:
		l.found("repo-readme", "empty", file, 0)
		return
	}
	l.to.Looked("repo-readme-title")
	title, line := heading(text)
	if line == 0 {
		if !hasTitlePicture(text) {
			l.found("repo-readme-title", "missing", file, 0)
		}
		return
	}
	switch strings.ToLower(strings.Trim(title, " .!:#*_`")) {
	case "readme", "titel", "title", "project title", "projecttitel", "project name", "projectnaam", "naam van het project", "name of the project", "my project", "untitled", "introduction", "inleiding", "todo":
		l.found("repo-readme-title", "generic", file, line, title)
	}
}

// hasTitlePicture says whether a picture or HTML at the top stands for the title.
func hasTitlePicture(text string) bool {
	top := strings.ToLower(text[:min(len(text), 2000)])
	return strings.Contains(top, "<h1") || strings.Contains(top, "<img") || strings.HasPrefix(strings.TrimSpace(top), "![")
}

// heading is the first heading of a text in Markdown, reStructuredText or AsciiDoc.
func heading(text string) (title string, line int) {
	lines := strings.Split(text, "\n")
	fence := false
	for i, s := range lines[:min(len(lines), 200)] {
		s = strings.TrimSpace(s)
		if strings.HasPrefix(s, "```") {
			fence = !fence
		}
		if fence {
			continue
		}
		if rest := strings.TrimLeft(s, "#"); rest != s && strings.HasPrefix(rest, " ") {
			return strings.TrimSpace(rest), i + 1
		}
		if strings.HasPrefix(s, "= ") {
			return s[2:], i + 1
		}
		if i > 0 && len(s) >= 3 && isUnderline(s) {
			if before := strings.TrimSpace(lines[i-1]); before != "" && !isUnderline(before) {
				return before, i
			}
		}
	}
	return "", 0
}

func isUnderline(s string) bool {
	return strings.ContainsRune("=-~*#^", rune(s[0])) && strings.Trim(s, s[:1]) == ""
}

// inRootOrSettings says whether a file of that stem stands where platforms look for it.
func (l *look) inRootOrSettings(stems ...string) bool {
	return l.any(func(p string) bool {
		switch path.Dir(p) {
		case ".", ".github", ".gitlab", "docs", ".forgejo", ".gitea", "documentation", "doc":
			base := path.Base(p)
			stem, _, _ := strings.Cut(base, ".")
			return isProse(base) && slices.Contains(stems, strings.ReplaceAll(stem, "-", "_"))
		}
		return false
	})
}

// says is whether one of the texts that people read first has one of these words.
func (l *look) says(words ...string) bool {
	for _, name := range append([]string{"contributing.md", "contributing.rst"}, readmeNames...) {
		_, text, _ := l.text(name)
		lower := strings.ToLower(text)
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(lower, w) }) {
			return true
		}
	}
	return false
}

// community looks for the documents for who wants to take part.
func (l *look) community() {
	l.to.Looked("repo-contributing", "repo-governance", "repo-conduct")
	if !l.inRootOrSettings("contributing", "bijdragen", "contributie") && !l.says("# contribut", "# bijdragen", "# meedoen", "contributing\n=", "contributing\n-", "contribute\n=", "contribute\n-", "bijdragen\n=", "bijdragen\n-", "contributing.md", "contributing.rst") {
		l.found("repo-contributing", "", "", 0)
	}
	if !l.inRootOrSettings("governance", "maintainers", "bestuur") && !l.says("governance", "# bestuur", "# besluitvorming", "# maintainers") {
		l.found("repo-governance", "", "", 0)
	}
	if !l.inRootOrSettings("code_of_conduct", "codeofconduct", "gedragscode", "conduct") && !l.says("code of conduct", "gedragscode", "code_of_conduct") {
		l.found("repo-conduct", "", "", 0)
	}
}

// closedChannels are words of a text that names a way to report that others do not read.
var closedChannels = [][]byte{
	[]byte("@"), []byte("mailto:"), []byte("report a vulnerability"), []byte("security/advisories"), []byte("private vulnerability"), []byte("security.txt"),
	[]byte("responsible disclosure"), []byte("responsible-disclosure"), []byte("coordinated vulnerability"), []byte("responsible_disclosure"), []byte("ncsc.nl"), []byte("pgp"), []byte("hackerone"),
	[]byte("intigriti"), []byte("zerocopter"), []byte("/security"), []byte("confidential"), []byte("vertrouwelijk"), []byte("kwetsbaarheid-melden"), []byte("/cvd"), []byte("bugcrowd"),
}

func (l *look) security() {
	l.to.Looked("repo-security")
	reported, there := "", false
	for i, p := range l.lower {
		base := path.Base(p)
		stem, _, _ := strings.Cut(base, ".")
		if stem != "security" || !isProse(base) || strings.Count(p, "/") > 1 && base != "security.txt" || l.isKern(i) && base == "security.txt" {
			continue
		}
		there = true
		lower := bytes.ToLower(l.texts[l.paths[i]])
		if slices.ContainsFunc(closedChannels, func(w []byte) bool { return bytes.Contains(lower, w) }) {
			return
		}
		reported = l.paths[i]
	}
	switch {
	case there:
		l.found("repo-security", "open", reported, 0)
	case !l.says("responsible disclosure", "# security", "# beveiliging", "coordinated vulnerability", "security\n=", "security\n-", "security@", "kwetsbaarheid"):
		l.found("repo-security", "missing", "", 0)
	}
}
