package newcmd

import (
	"errors"
	"fmt"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/pack"
)

// ownPack reads the pack that --pack names; nil for none.
func ownPack(d Deps, o *Options) (*pack.Pack, error) {
	if o.Pack == "" {
		return nil, nil
	}
	own, err := evolve.ReadPack(d.Text, o.Pack, d.Pack)
	if err != nil {
		return nil, packFailed(d, o, err)
	}
	return own, nil
}

// packFailed says what is wrong with a pack, or gives the error as it is.
func packFailed(d Deps, o *Options, err error) error {
	refused := evolve.PackFailed(d.Text, o.Pack, "", err)
	if refused == nil {
		return err
	}
	var faulty pack.Faulty
	if o.JSON && errors.As(err, &faulty) {
		if err := d.IO.WriteJSON(map[string]any{"problems": faulty.Problems.In(string(d.Text.Language()))}); err != nil {
			return err
		}
	}
	return refused
}

// jsonPack is the pack as --json gives it.
type jsonPack struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Sum     string `json:"sum"`
}

// packOf is the pack of a component; nil for none.
func packOf(s *source) *jsonPack {
	if s.own == nil {
		return nil
	}
	return &jsonPack{s.own.Name, s.own.Version, s.own.Sum}
}

// tellPack names the pack.
func tellPack(d Deps, s *source) {
	if s.own != nil {
		fmt.Fprintln(d.IO.Err, d.Text.T("pack.with", terminal.Safe(s.own.Name), terminal.Safe(s.own.Version), s.own.Sum))
	}
}
