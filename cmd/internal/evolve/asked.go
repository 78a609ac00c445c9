package evolve

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/arguments"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/migration"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// asked puts a question of the migration in words, with the flags that answer it.
func asked(d Deps, q migration.Question) question {
	entity, field, subject := "", "", ""
	if q.Entity != nil {
		entity, subject = terminal.Safe(q.Entity.Title), q.Entity.Name.Raw
	}
	if q.Field != nil {
		field, subject = terminal.Safe(q.Field.Title), subject+"."+q.Field.Name.Raw
	}
	key := "migration.ask." + q.Code
	if q.Field == nil && d.Text.Has(key+"-entity") {
		key += "-entity"
	}
	gone := strings.TrimPrefix(q.Key, subject+".") // of a choice
	if q.Code == migration.AskRename {             // titles may be the same
		gone = subject[strings.LastIndexByte(subject, '.')+1:]
	}
	out := question{code: q.Code, key: q.Key, ask: d.Text.T(key, field, entity, terminal.Safe(gone))}
	if help := "migration.help." + q.Code; d.Text.Has(help) {
		out.help = d.Text.T(help)
	}
	a := asking{d: d, q: q, subject: subject}
	switch q.Code {
	case migration.AskRename:
		a.rename(&out)
	case migration.AskKept:
		a.kept(&out)
	case migration.AskNoValue:
		out.stuck = true
	case migration.AskValue:
		a.value(&out, "--replace", replace)
	default:
		a.value(&out, "--set-default", setDefault)
	}
	return out
}

// asking adds to a question how it is answered.
type asking struct {
	d       Deps
	q       migration.Question
	subject string // "entity.field", or "entity"
}

func setDefault(r *update.Request, key, value string) {
	if r.Decided.Defaults == nil {
		r.Decided.Defaults = map[string]string{}
	}
	r.Decided.Defaults[key] = value
}

func replace(r *update.Request, key, value string) {
	if r.Decided.Replace == nil {
		r.Decided.Replace = map[string]string{}
	}
	r.Decided.Replace[key] = value
}

// value is answered with a value, or by leaving it out.
func (a asking) value(out *question, flag string, decide func(r *update.Request, key, value string)) {
	values := slices.Clone(a.q.Options)
	for _, value := range values {
		out.options = append(out.options, terminal.Safe(value))
		out.flags = append(out.flags, flag+" "+arguments.Quoted(a.q.Key+"="+value))
	}
	if len(values) == 0 {
		out.flags = append(out.flags, flag+" "+arguments.Quoted(a.q.Key+"=")+a.d.Text.T("update.a-value"))
	}
	if a.q.Empty {
		out.flags = append(out.flags, "--empty "+arguments.Quoted(a.subject))
		if len(values) > 0 {
			out.options = append(out.options, a.d.Text.T("update.leave-empty"))
		} else {
			out.ask += " " + a.d.Text.T("update.enter-is-empty")
			out.mayBeEmpty = true
		}
	}
	out.answer = func(r *update.Request, chosen int, typed string) {
		switch {
		case chosen < len(values):
			decide(r, a.q.Key, values[chosen])
		case typed != "":
			decide(r, a.q.Key, typed)
		default:
			r.Decided.Empty = append(r.Decided.Empty, a.subject)
		}
	}
}

// rename is answered with the name of before, or by saying that it is new.
func (a asking) rename(out *question) {
	kind, of, name := grow.Entity, "", a.q.Entity.Name.Raw
	if a.q.Field != nil {
		kind, of, name = grow.Field, name, a.q.Field.Name.Raw
	}
	old := slices.Clone(a.q.Options)
	for _, was := range old {
		out.options = append(out.options, a.d.Text.T("update.was", terminal.Safe(was)))
		out.flags = append(out.flags, "--rename "+arguments.Quoted(keyOf(kind, of, was)+"="+name))
	}
	out.options = append(out.options, a.d.Text.T("update.is-new", terminal.Safe(name)))
	out.flags = append(out.flags, "--new "+arguments.Quoted(keyOf(kind, of, name)))
	out.answer = func(r *update.Request, chosen int, _ string) {
		if chosen < len(old) {
			addRename(r, grow.Rename{Kind: kind, Of: of, Old: old[chosen], New: name})
			return
		}
		addNew(r, kind, of, name)
	}
}

// kept is answered by throwing away what was kept; whoever does not want that
// chooses another name first.
func (a asking) kept(out *question) {
	out.options = []string{a.d.Text.T("update.stop-here"), a.d.Text.T("update.throw-away")}
	out.flags = []string{"--drop " + arguments.Quoted(a.q.Key)}
	out.stops = 1
	out.answer = func(r *update.Request, _ int, _ string) { r.Decided.Drop = append(r.Decided.Drop, a.q.Key) }
}
