package answerscmd

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

func deps(in string) (Deps, *bytes.Buffer) {
	var out bytes.Buffer
	return Deps{
		IO: &terminal.IO{In: strings.NewReader(in), Out: &out, Err: &bytes.Buffer{}}, Text: text.Load(text.English),
		Examples: Examples{
			Names:   func() []string { return []string{"a", "b"} },
			Answers: func(name string) ([]byte, bool) { return []byte("version: 1\n"), name == "a" },
		},
	}, &out
}

func parse(cmd *cobra.Command, line string) error {
	cmd.SetArgs(strings.Fields(line))
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	return cmd.Execute()
}

func TestOptions(t *testing.T) {
	d, _ := deps("")
	for line, want := range map[string]ValidateOptions{
		"a.yaml":          {Files: []string{"a.yaml"}},
		"a.yaml - --json": {Files: []string{"a.yaml", "-"}, JSON: true},
	} {
		var got *ValidateOptions
		if err := parse(newValidate(d, func(o *ValidateOptions) error { got = o; return nil }), line); err != nil || !reflect.DeepEqual(*got, want) {
			t.Errorf("%q gives %+v, %v", line, got, err)
		}
	}
	for line, want := range map[string]ExampleOptions{"": {}, "a": {Name: "a"}} {
		var got *ExampleOptions
		if err := parse(newExample(d, func(o *ExampleOptions) error { got = o; return nil }), line); err != nil || *got != want {
			t.Errorf("%q gives %+v, %v", line, got, err)
		}
	}
}

func TestExample(t *testing.T) {
	d, out := deps("")
	if err := parse(New(d), "example a"); err != nil || out.String() != "version: 1\n" {
		t.Errorf("got %q, %v", out, err)
	}
	if err := parse(New(d), "example c"); err == nil || !strings.Contains(err.Error(), "a, b") {
		t.Errorf("got %v", err)
	}
}

func TestValidateReadsStandardInput(t *testing.T) {
	d, _ := deps("version: 1\n")
	if err := parse(New(d), "validate -"); err == nil {
		t.Error("an empty answers file is fine")
	}
}
