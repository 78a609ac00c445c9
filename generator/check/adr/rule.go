package adr

import (
	"context"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// rule is one rule and how it is judged in one description.
type rule struct {
	check.Rule

	// swagger says that it also judges what is of before OpenAPI 3.
	swagger bool
	// official says per case which rules of the official rulesets say the same, as names
	// with a space between them; "" for what none of them sees. Other cases are all of
	// Official.
	official map[string]string
	// call says it when the case does not tell.
	call func(judged) string

	run func(ctx context.Context, d *Document, found finder)
}

// finder takes a finding: at is the node that it is about, and that exists (of what is
// missing it is where it is missing), so that Spectral names the same path; kase and args
// are of the text that says it.
type finder func(at *node, kase string, args ...string)

// judged is a finding in a description.
type judged struct {
	rule *rule
	at   *node
	kase string
	args []string
}

// about says where it is: at the key in an object, at the item in an array.
func (j judged) about() (line, column int) {
	if j.at == nil {
		return 0, 0
	}
	return int(j.at.keyLine), int(j.at.keyColumn)
}

// rules are all rules that look at one description.
func rules() []rule { return append(structural(), design()...) }

// judge holds a description against the rules. A finding that a rule says twice of the
// same place counts once. It ends early, with what it has, when the context ends.
func judge(ctx context.Context, d *Document, rules []rule) []judged {
	var all []judged
	for i := range rules {
		r := &rules[i]
		if ctx.Err() != nil {
			break
		}
		if d.swagger() && !r.swagger {
			continue
		}
		seen := map[sameFinding]bool{}
		r.run(ctx, d, func(at *node, kase string, args ...string) {
			key := sameFinding{at, kase, strings.Join(args, "\x00")}
			if !seen[key] {
				seen[key] = true
				all = append(all, judged{r, at, kase, args})
			}
		})
	}
	return all
}

type sameFinding struct {
	at         *node
	kase, args string
}

// once takes one finding per place: what several operations share is said once.
func once(found finder) finder {
	seen := map[*node]bool{}
	return func(at *node, kase string, args ...string) {
		if !seen[at] {
			seen[at] = true
			found(at, kase, args...)
		}
	}
}
