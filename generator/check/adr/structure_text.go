package adr

import (
	"context"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// textRules are about what people read in a description.
func textRules() []rule {
	return []rule{
		{
			Rule:     in21("adr-described", check.Warning, "info-description", "operation-description"),
			official: map[string]string{"info": "info-description", "operation": "operation-description"},
			run: func(_ context.Context, d *Document, found finder) {
				info := d.at(d.root, "info")
				if text := info.get("description"); !text.truthy() {
					found(orElse(text, orElse(info, d.root)), "info")
				}
				for op := range d.operations() {
					if text := op.node.get("description"); !text.truthy() {
						found(orElse(text, op.node), "operation", op.method, op.path)
					}
				}
			},
		},
		{
			Rule:     in21("adr-script-in-text", check.Warning, "no-script-tags-in-markdown", "no-eval-in-markdown"),
			official: map[string]string{"script": "no-script-tags-in-markdown", "eval": "no-eval-in-markdown"},
			run: func(ctx context.Context, d *Document, found finder) {
				for _, n := range d.index(ctx).texts {
					if strings.Contains(n.text, "<script") {
						found(n, "script")
					}
					if strings.Contains(n.text, "eval(") {
						found(n, "eval")
					}
				}
			},
		},
	}
}
