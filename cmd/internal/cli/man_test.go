package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

func TestManPages(t *testing.T) {
	dutch := cli.ManPages(text.Dutch, "1.2.3", "2026-11-23")
	english := cli.ManPages(text.English, "1.2.3", "2026-11-23")
	if len(dutch) < 25 || len(dutch) != len(english) {
		t.Errorf("%d pages in Dutch and %d in English", len(dutch), len(english))
	}
	for name := range dutch {
		if english[name] == nil {
			t.Errorf("%s is there in Dutch only", name)
		}
	}
	for _, want := range []string{`.TH "FIELDLAB\-NEW" 1 "2026\-11\-23" "fieldlab 1.2.3"`, ".SH OVERZICHT", `\fB\-\-answers\fR \fIBESTAND\fR`, ".SH VOORBEELDEN"} {
		if page := string(dutch["fieldlab-new.1"]); !strings.Contains(page, want) {
			t.Errorf("the Dutch page of new lacks %s:\n%s", want, page)
		}
	}
	if page := string(english["fieldlab.1"]); !strings.Contains(page, ".SH EXIT STATUS") || !strings.Contains(page, `\fBfieldlab\-add\fR(1)`) {
		t.Errorf("the English page of fieldlab:\n%s", page)
	}
	// What may begin a line of roff: an order of this writer, and text that is none.
	order := regexp.MustCompile(`^(\.(TH|SH|TP|PP|nf|fi|br)( |$)|'\\" )`)
	for name, page := range dutch {
		for line := range strings.Lines(string(page)) {
			if line = strings.TrimSuffix(line, "\n"); strings.IndexAny(line, ".'") == 0 && !order.MatchString(line) {
				t.Errorf("%s has a text that roff takes for an order: %q", name, line)
			}
		}
	}
}

// TestManPagesRead has man itself read them: it says so when a page is not as it
// should be.
func TestManPagesRead(t *testing.T) {
	man, err := exec.LookPath("man")
	if err != nil || exec.Command(man, "--warnings", "-P", "cat", "-l", "/dev/null").Run() != nil {
		t.Skip("no man-db on this machine; .ci/run release reads the pages too")
	}
	for name, page := range cli.ManPages(text.Dutch, "1.2.3", "2026-11-23") {
		if name != "fieldlab.1" && name != "fieldlab-add-field.1" {
			continue
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, page, 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(man, "--warnings", "-E", "UTF-8", "-P", "cat", "-l", file)
		cmd.Env = append(cmd.Environ(), "MANWIDTH=80", "LC_ALL=C.UTF-8")
		var out, complaints bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &complaints
		if err := cmd.Run(); err != nil || complaints.Len() > 0 {
			t.Errorf("%s: %v\n%s", name, err, complaints.String())
		}
		if !strings.Contains(out.String(), "BESCHRIJVING") || !strings.Contains(out.String(), "één") && name == "fieldlab.1" {
			t.Errorf("man shows of %s:\n%s", name, out.String())
		}
	}
}
