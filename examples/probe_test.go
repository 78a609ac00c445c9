package examples_test

import (
	"slices"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	live "github.com/commonground-fieldlab/fieldlab/generator/check/probe"
)

// notOnALaptop are the probes that need TLS, and the one of a file that a component does
// not have.
var notOnALaptop = []string{"adr-tls-live", "adr-http-redirect-live", "deploy-security-txt-live", "adr-openapi-yaml-live"}

// probed asks both APIs of a running component what fieldlab check --url asks. Without a
// step that is read or posted, an API has nothing for some of the questions.
func probed(t *testing.T, c *component) {
	t.Helper()
	for _, layer := range []int{1, 3} {
		base, err := live.Base(c.url(layer, "/v1/openapi.json"))
		if err != nil {
			t.Fatal(err)
		}
		verdicts, err := live.Look(t.Context(), nil, base, "", time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range verdicts {
			for _, f := range v.Findings {
				t.Errorf("%s: %s %s %q", base, f.Rule, f.Case, f.Args)
			}
			// The API of the process is for people who logged in, also on a laptop.
			if layer == 1 && !slices.ContainsFunc(v.Missed, func(m check.Missed) bool { return m.Why != "needs-token" && m.Why != "no-operation" }) && v.Outcome != check.Broken {
				continue
			}
			if v.Rule.ID == "adr-date-time-live" && v.Outcome == check.Idle {
				continue // a register without anything in it
			}
			if v.Outcome != check.Met && v.Rule.By == check.Running && !slices.Contains(notOnALaptop, v.Rule.ID) {
				t.Errorf("%s: %s is %s: %v", base, v.Rule.ID, v.Outcome, v.Missed)
			}
		}
	}
}
