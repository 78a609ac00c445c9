package cli_test

import (
	"os"
	"os/exec"
	"testing"
)

// TestCourseBuilds follows our own course with the tests of the component after each
// step: minutes, so only where everything is tried. course_lint.txtar does the rest.
func TestCourseBuilds(t *testing.T) {
	if os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("builds components; FIELDLAB_E2E=all does")
	}
	lint := exec.Command(os.Args[0], "workshop", "lint", "../../../examples/verhuizing/cursus", "--build")
	lint.Env = append(os.Environ(), asProgram+"=1")
	if out, err := lint.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
