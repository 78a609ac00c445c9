package update

import (
	"context"

	"github.com/commonground-fieldlab/fieldlab/generator/base"
)

func (f *finder) baseFromGit(ctx context.Context) (*base.Base, error) {
	return nil, NoBase{Dir: f.r.Dir, Why: NoRepository}
}
