package cli_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli"
)

// asProgram makes the test binary be fieldlab, for tests in a real terminal.
const asProgram = "FIELDLAB_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(cli.Main(cli.Process("v1.2.3", "0123456789abcdef", "2026-11-23"), os.Args[1:]))
	}
	testscript.Main(m, map[string]func(){
		"fieldlab": func() {
			os.Exit(cli.Main(cli.Process("v1.2.3", "0123456789abcdef", "2026-11-23"), os.Args[1:]))
		},
	})
}

// TestScripts runs testdata/script: each is what somebody could type.
// FIELDLAB_UPDATE_SCRIPTS=1 writes what the program says now.
func TestScripts(t *testing.T) {
	scripts, err := filepath.Glob("testdata/script/*.txtar")
	if err != nil || len(scripts) < 10 {
		t.Fatalf("found %d scripts (%v)", len(scripts), err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("FIELDLAB_UPDATE_SCRIPTS") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, ".config"))
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("COMMANDS", filepath.SplitList(os.Getenv("PATH"))[0]) // where fieldlab is, for a PATH without the rest
			for _, name := range []string{"LANG", "LC_ALL", "LC_MESSAGES"} {
				env.Setenv(name, "")
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name == "root" { // who may write everywhere
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("no condition %q", name)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"code": code, "replace": replace},
	})
}

// replace puts one text in the place of another, which must be there: what a
// person does in an editor. A \n is a new line.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	lines := strings.NewReplacer(`\n`, "\n")
	body := ts.ReadFile(args[0])
	if old := lines.Replace(args[1]); !strings.Contains(body, old) {
		ts.Fatalf("%s does not hold %q", args[0], old)
	} else {
		ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(body, old, lines.Replace(args[2]))), 0o644))
	}
}

// code runs a command that must end with an exit code: code 2 fieldlab new.
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N command [args]")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if got != args[0] {
		ts.Fatalf("ended with %s, want %s", got, args[0])
	}
}
