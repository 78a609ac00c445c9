package updatecmd

import (
	"context"
	"errors"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/cli/growcmd"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// repack takes an own pack in, or leaves it: the answers say so from then on, and
// everything else follows from them.
func (o *Options) repack(ctx context.Context, d evolve.Deps, r *update.Request) (err error) {
	var own *pack.Pack
	var mark pack.Mark
	switch {
	case o.Pack == "" && !o.NoPack:
		return nil
	case o.Pack != "":
		o.PackDir = o.Pack
		o.Given = append(o.Given, "--pack "+arguments.Quoted(o.Pack))
		if own, err = evolve.ReadPack(d.Text, o.Pack, d.Pack); err != nil {
			if refused := evolve.PackRefused(d, o.Options, o.Dir, err); refused != nil {
				return refused
			}
			return err
		}
		mark = own.Mark()
	default:
		o.Given = append(o.Given, "--no-pack")
	}
	c, err := growcmd.Open(ctx, d, &growcmd.Options{Dir: o.Dir, Options: o.Options})
	if err != nil {
		return err
	}
	defer c.Close()
	was := generator.Declared(c.Answers)
	named := c.Answers
	named.Pack = answers.Pack(mark)
	if r.Answers, err = c.Document.Rewrite(named); err != nil {
		var one problem.Problem
		if errors.As(err, &one) {
			return failure.Answers{Problems: problem.List{one}, Hint: "fieldlab answers validate " + arguments.Quoted(c.Document.File)}
		}
		return err
	}
	r.Own = own
	dutch := text.Load(text.Dutch)
	switch {
	case was == mark: // what is kept may be damaged
		o.Did, r.Title = d.Text.T("pack.did.again", mark.String()), dutch.T("pack.did.again", mark.String())
	case own == nil:
		o.Did, r.Title = d.Text.T("pack.did.left", was.String()), dutch.T("pack.did.left", was.String())
	case was.IsZero() || was.Name != mark.Name:
		o.Did, r.Title = d.Text.T("pack.did.taken", mark.String()), dutch.T("pack.did.taken", mark.String())
	case was.Version == mark.Version: // somebody forgot to raise it
		o.Did, r.Title = d.Text.T("pack.did.changed", mark.Name, mark.Version), dutch.T("pack.did.changed", mark.Name, mark.Version)
	default:
		o.Did, r.Title = d.Text.T("pack.did.from-to", was.Name, was.Version, mark.Version), dutch.T("pack.did.from-to", was.Name, was.Version, mark.Version)
	}
	o.Message = r.Title
	return nil
}
