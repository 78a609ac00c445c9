package deliver

import (
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// runtimesOf is when the table was last held against its sources: go.dev/doc/devel/release,
// github.com/nodejs/Release, devguide.python.org/versions, www.php.net/eol.php. It holds
// what was out of support by then, so that a repository that does not change keeps its
// verdict until somebody brings the table up to date.
const runtimesOf = "2026-11"

// ended says when support of a version ended, by day or month.
var ended = map[string]map[string]string{
	"go": {
		"1.16": "2022-03-15", "1.17": "2022-08-02", "1.18": "2023-02-01", "1.19": "2023-08-08", "1.20": "2024-02-06", "1.21": "2024-08-13",
		"1.22": "2025-02-11", "1.23": "2025-08-12", "1.24": "2026-02", "1.25": "2026-08",
	},
	"node": {
		"8": "2019-12-31", "10": "2021-04-30", "11": "2019-06-01", "12": "2022-04-30", "13": "2020-06-01", "14": "2023-04-30", "15": "2021-06-01", "16": "2023-09-11",
		"17": "2022-06-01", "18": "2025-04-30", "19": "2023-06-01", "20": "2026-04-30", "21": "2024-06-01", "23": "2025-06-01", "25": "2026-06-01",
	},
	"python": {
		"2.7": "2020-01-01", "3.5": "2020-09-30", "3.6": "2021-12-23", "3.7": "2023-06-27", "3.8": "2024-10-07", "3.9": "2025-10-31", "3.10": "2026-10",
	},
	"php": {
		"5.6": "2018-12-31", "7.0": "2019-01-10", "7.1": "2019-12-01", "7.2": "2020-11-30", "7.3": "2021-12-06", "7.4": "2022-11-28", "8.0": "2023-11-26", "8.1": "2025-12-31",
	},
}

// products are other names of them.
var products = map[string]string{"golang": "go", "nodejs": "node"}

// runtime says of a version that is out of support when that came to be.
func (l *look) runtime(file string, line int, product, version string) {
	if other, ok := products[product]; ok {
		product = other
	}
	table, known := ended[product]
	if !known {
		return
	}
	parts := strings.Split(strings.TrimPrefix(strings.TrimSpace(version), "v"), ".")
	want := 2
	if product == "node" {
		want = 1
	}
	if len(parts) < want {
		return
	}
	for _, one := range parts[:want] {
		if _, err := strconv.Atoi(one); err != nil {
			return // a range, or what something else fills in
		}
	}
	l.to.Looked(ruleRuntime)
	short := strings.Join(parts[:want], ".")
	if day, out := table[short]; out {
		l.add(check.Finding{Rule: ruleRuntime, Path: file, Line: line, Args: []string{product + " " + short, day, runtimesOf}})
	}
}

// runtimeImage is runtime for an image of which the name says what is in it.
func (l *look) runtimeImage(file string, line int, ref image) {
	version, _, _ := strings.Cut(ref.tag, "-")
	name := ref.official()
	if at := strings.Index(ref.name, "/library/"); at >= 0 {
		name = ref.name[at+len("/library/"):]
	}
	l.runtime(file, line, name, version)
}

// versionFile reads a file that holds nothing but a version.
func (l *look) versionFile(f check.File, body []byte) {
	number := 0
	for line := range strings.Lines(string(body[:min(len(body), 4096)])) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		switch f.Name() {
		case ".nvmrc", ".node-version":
			l.runtime(f.Path, number, "node", line)
		case ".python-version":
			l.runtime(f.Path, number, "python", line)
		case ".php-version":
			l.runtime(f.Path, number, "php", line)
		case "runtime.txt":
			product, version, _ := strings.Cut(line, "-")
			l.runtime(f.Path, number, product, version)
		case ".tool-versions":
			product, version, _ := strings.Cut(line, " ")
			l.runtime(f.Path, number, product, version)
		}
	}
}
