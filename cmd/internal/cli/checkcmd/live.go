package checkcmd

import (
	"context"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/probe"
)

// tokenName is the setting with the token for an API that asks for one. It is no flag:
// the command line is there for everybody on the computer to read.
const tokenName = "FIELDLAB_CHECK_TOKEN" // #nosec G101 -- A name.

// live asks the running API at an address what no file shows.
func live(ctx context.Context, d evolve.Deps, address string) (verdicts []check.Verdict, err error) {
	base, err := probe.Base(address)
	if err == nil {
		err = d.IO.Working(ctx, d.Text.T("check.asking"), func(ctx context.Context) error {
			verdicts, err = probe.Look(ctx, nil, base, d.Env(tokenName), d.Now())
			return err
		})
	}
	if err == nil || ctx.Err() != nil {
		return verdicts, err
	}
	return nil, failure.Usage{Text: notLive(d, address, err), Hint: "fieldlab check --help"}
}

// notLive says why there is nothing to ask at an address.
func notLive(d evolve.Deps, address string, err error) string {
	switch key, values := probe.Words(err); key {
	case "address":
		return d.Text.T("check.probe.address", terminal.Safe(address))
	case "clear":
		return d.Text.T("check.probe.clear")
	case "unreachable":
		return d.Text.T("check.probe.unreachable", terminal.Safe(values[0]), terminal.Safe(values[1]))
	}
	return err.Error()
}
