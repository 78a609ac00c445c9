package governance_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/governance"
)

const (
	program = "package main\n\nfunc main() {}\n"
	readme  = "# Aanvragen\n\nHandelt aanvragen af volgens Common Ground, met één opdracht te starten.\n"
)

// lookAlikes look like a fault to a rule and are none.
var lookAlikes = []struct {
	name, rule string
	files      map[string]string
}{
	{"a licence that does not say its name", "repo-licence", map[string]string{"LICENSE": "Permission is hereby granted, free of charge, to any person obtaining a copy of this software\n"}},
	{"BSD without its name", "repo-licence", map[string]string{"COPYING": "Redistribution and use in source and binary forms, with or without modification\n"}},
	{"licences as REUSE keeps them", "repo-licence", map[string]string{"LICENSES/EUPL-1.2.txt": "European Union Public Licence\n"}},
	{"a licence that leads to those of REUSE", "repo-licence", map[string]string{"license.md": "# License\n\nSee [REUSE.toml](./REUSE.toml) and [LICENSES/](./LICENSES/).\n", "LICENSES/EUPL-1.2.txt": "European Union Public Licence\n"}},
	{"British spelling", "repo-licence", map[string]string{"LICENCE.txt": "EUPL v1.2\n"}},
	{"copyright in SPDX headers", "repo-copyright", map[string]string{"main.go": "// SPDX-FileCopyrightText: 2026 Gemeente Voorbeeld\n" + program}},
	{"copyright of a range of years", "repo-copyright", map[string]string{"README.md": readme + "© VNG Realisatie 2019 - 2026\n"}},
	{"copyright with a link to the licence", "repo-copyright", map[string]string{"README.md": readme + "Copyright (c) 2026 Gemeente Voorbeeld. Under the [EUPL-1.2](LICENSE).\n"}},
	{"readme in another folder", "repo-readme", map[string]string{".github/README.md": readme}},
	{"readme per language", "repo-readme", map[string]string{"README.nl.md": readme}},
	{"a logo for a title", "repo-readme-title", map[string]string{"README.md": "<p align=\"center\"><img src=\"logo.svg\"></p>\n\nHandelt aanvragen af volgens Common Ground, te starten met make.\n"}},
	{"a comment in code is no heading", "repo-readme-title", map[string]string{"README.md": readme + "```sh\n# README\n```\n"}},
	{"contributing in the readme", "repo-contributing", map[string]string{"README.md": readme + "\n## Bijdragen\n\nWelkom.\n"}},
	{"governance in contributing", "repo-governance", map[string]string{"CONTRIBUTING.md": "# Bijdragen\n\n## Governance\n\nDe gemeente beslist.\n"}},
	{"conduct of the organisation", "repo-conduct", map[string]string{"README.md": readme + "Lees onze [gedragscode](https://voorbeeld.nl/gedragscode).\n"}},
	{"security in a folder of the platform", "repo-security", map[string]string{".github/SECURITY.md": "Use *Report a vulnerability*.\n"}},
	{"changesets", "repo-changelog", map[string]string{"main.go": program, ".changeset/een.md": "a\n"}},
	{"changelog of documents", "repo-changelog", map[string]string{"main.go": program, "docs/CHANGELOG.rst": "1.0\n"}},
	{"scripts only have no changelog", "repo-changelog", map[string]string{"eslint.config.js": "export default []\n", "README.md": readme}},
	{"build server of another kind", "repo-ci", map[string]string{"main.go": program, "azure-pipelines.yml": "trigger: none\n"}},
	{"tests of Java", "repo-tests", map[string]string{"src/main/java/A.java": "class A {}\n", "src/test/java/ATest.java": "class ATest { void een() { assert 1 == 1; } }\n"}},
	{"tests of an API", "repo-tests", map[string]string{"main.py": "a = 1\n", "tests/aanvraag.feature": "Feature: aanvraag\n  Scenario: een aanvraag doen\n"}},
	{"Go has one style", "repo-style", map[string]string{"go.mod": "module voorbeeld.nl/a\n", "main.go": program}},
	{"style in the build of Java", "repo-style", map[string]string{"A.java": "class A {}\n", "pom.xml": "<plugin>spotless-maven-plugin</plugin>\n"}},
	{"no .env, no worry", "repo-ignore-secrets", map[string]string{"main.go": program, ".gitignore": "bin/\n"}},
	{"certificates of authorities", "repo-ignore-secrets", map[string]string{"main.go": program, "ca/Staat_der_Nederlanden_Private_Root_CA_-_G1.crt": "a\n", "certificates/adp_rootca.crt": "a\n", "tests/stubs/tls.crt": "a\n", ".gitignore": "bin/\n"}},
	{"Symfony commits its defaults", "repo-ignore-secrets", map[string]string{"a.php": "<?php\n", ".env": "APP_ENV=dev\n", ".env.dist": "A=\n"}},
	{"vendor of Go", "repo-committed-output", map[string]string{"main.go": program, "go.mod": "module a\n", "vendor/modules.txt": "# a\n"}},
	{"scripts of a page that are kept", "repo-committed-output", map[string]string{"main.go": program, "static/vendor/htmx.js": "a\n", "build/Dockerfile": "FROM scratch\n"}},
	{"an action needs what was built", "repo-committed-output", map[string]string{"index.js": "a\n", "package.json": "{}", "action.yml": "runs: {}\n", "dist/index.js": "a\n"}},
	{"a large picture", "repo-large-file", map[string]string{"docs/kaart.png": strings.Repeat("a", 2<<20)}},
	{"a large file of a test", "repo-large-file", map[string]string{"tests/data/a.zip": strings.Repeat("a", 2<<20)}},
	{"a library leaves versions to its users", "repo-lockfile", map[string]string{"package.json": `{"main": "a.js", "dependencies": {"b": "1"}}`}},
	{"a workspace has one lock", "repo-lockfile", map[string]string{"packages/a/package.json": `{"dependencies": {"b": "1"}}`, "pnpm-lock.yaml": "a\n"}},
	{"names that begin as a device", "repo-portable", map[string]string{"src/console.go": program, "com10.txt": "a\n", "nullen.md": "a\n", ".github/aux-taken.md": "a\n"}},
	{"headings of reStructuredText", "repo-merge-marker", map[string]string{"a.rst": "Titel\n=======\n\n>>>>>>> geen conflict\n<<<<<<< niet echt\n"}},
	{"a patch", "repo-merge-marker", map[string]string{"a.patch": "<<<<<<< a\n=======\n>>>>>>> b\n"}},
	{"Git makes line ends the same", "repo-line-ends", map[string]string{".gitattributes": "* text=auto\n", "run.sh": "#!/bin/sh\r\na\r\n"}},
	{"a text of Windows as a whole", "repo-line-ends", map[string]string{"a.md": "a\r\nb\r\nc\r\nd\r\n"}},
	{"XML says its encoding", "repo-encoding", map[string]string{"a.xml": "<?xml version=\"1.0\" encoding=\"windows-1252\"?>\n<a>\xeb</a>\n"}},
	{"data of a test", "repo-encoding", map[string]string{"tests/a.md": "\xeb\n"}},
	{"a template of security.txt", "repo-security-txt", map[string]string{"a/security.txt": "Contact: {{ .Contact }}\n"}},
	{"security.txt with comments", "repo-security-txt", map[string]string{"a/security.txt": "# Meldpunt\nContact: https://voorbeeld.nl/cvd\n\nExpires: 2027-01-01t00:00:00z\nPolicy: https://voorbeeld.nl\n"}},
	{"a statement with research", "repo-accessibility-claim", map[string]string{"toegankelijkheid.md": "# Toegankelijkheidsverklaring\n\nVoldoet volledig, zie https://www.toegankelijkheidsverklaring.nl/register/1\n"}},
	{"a document about accessibility", "repo-accessibility-claim", map[string]string{"docs/accessibility.md": "Status A means fully compliant.\n"}},
	{"publiccode.yml of a test", "publiccode-required", map[string]string{"main.go": program, "tests/fixtures/publiccode.yml": "name: a\n"}},
	{"no program, no publiccode.yml", "publiccode-present", map[string]string{"README.md": readme}},
	{"an organisation that does not exist", "publiccode-organisation", map[string]string{"publiccode.yml": "organisation:\n  uri: https://www.duinstad.test\nlocalisation:\n  availableLanguages: [nl]\n"}},
	{"no Dutch, no Dutch practice", "publiccode-dutch", map[string]string{"publiccode.yml": "description:\n  en: {}\nlocalisation:\n  availableLanguages: [en]\n"}},
	{"the EUPL names other licences", "publiccode-license-file", map[string]string{"publiccode.yml": "legal:\n  license: EUPL-1.2\n", "LICENSE": "European Union Public Licence v. 1.2\nAppendix: GNU General Public License, Mozilla Public License\n"}},
	{"or later", "publiccode-license", map[string]string{"publiccode.yml": "legal:\n  license: AGPL-3.0-or-later OR (MIT AND EUPL-1.2)\n"}},
}

func TestLookAlikes(t *testing.T) {
	t.Parallel()
	for _, c := range lookAlikes {
		result := checktest.Run(t, c.files, governance.Checker())
		if lines := checktest.Lines(result, c.rule); len(lines) > 0 {
			t.Errorf("%s: %q", c.name, lines)
		}
		if crashed(result) || !slices.ContainsFunc(result.Verdicts, func(v check.Verdict) bool { return v.Rule.ID == c.rule }) {
			t.Errorf("%s: there is no rule %s, or the checker crashed", c.name, c.rule)
		}
	}
}

// crashed says whether the engine had to go on without the checker.
func crashed(result *check.Result) bool {
	return slices.ContainsFunc(result.Verdicts, func(v check.Verdict) bool {
		return slices.ContainsFunc(v.Missed, func(m check.Missed) bool { return m.Why == "crashed" || m.Why == "slow" })
	})
}

// TestFixes applies what can be mended, and looks again.
func TestFixes(t *testing.T) {
	t.Parallel()
	for rule, files := range map[string]map[string]string{
		"repo-ignore-secrets": {"a.py": "a = 1\n", ".env.example": "A=\n", "tls/a.crt": "a\n", ".gitignore": "*.pyc"},
		"repo-licence-name":   {"LICENCE.md": "European Union Public Licence v. 1.2\n"},
	} {
		fixes := 0
		for _, v := range checktest.Run(t, files, governance.Checker()).Verdicts {
			for _, f := range v.Findings {
				if f.Rule == rule && f.Fix != nil {
					fixes++
					before := files[f.Fix.Path]
					files[f.Fix.Path] = before[:f.Fix.Start] + f.Fix.Text + before[f.Fix.End:]
				}
			}
		}
		if lines := checktest.Lines(checktest.Run(t, files, governance.Checker()), rule); fixes != 1 || len(lines) > 0 {
			t.Errorf("%s: %d fixes, then %q", rule, fixes, lines)
		}
	}
}

// FuzzPubliccode looks at any bytes as publiccode.yml and as other files that are read.
func FuzzPubliccode(f *testing.F) {
	for _, seed := range []string{"a: &a [*a]\n", "name: &x {<<: *x}\n", "description: {nl: [}", "- - - -", "Expires: \xff", "[package", "legal: {license: ((((}", "%YAML 1.2\n---\nname: |\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		files := map[string]string{"publiccode.yml": body, "security.txt": body, "package.json": body, "README.md": body, ".gitignore": body, "LICENSE": body, "a.js": body, "run.sh": body}
		if crashed(checktest.Run(t, files, governance.Checker())) {
			t.Error("the checker crashed, or is slow")
		}
	})
}
