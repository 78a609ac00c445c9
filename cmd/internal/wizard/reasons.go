package wizard

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// A person gives the reasons why fields are needed in one answer: a sentence
// that holds for all of them, and after it those of single fields, as
// "field: reason", in which a field has its title. Points are between
// semicolons. The file has one per field.

// beginsField matches what looks like the name of a field before its reason.
var beginsField = regexp.MustCompile(`^([a-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*):\s+(\S.*)$`)

// withReasons gives a purpose the reasons in an answer.
func withReasons(p *answers.Purpose, answer string, titles map[string]string) {
	all, last := "", ""
	own := map[string]string{}
	for part := range strings.SplitSeq(answer, ";") {
		part = strings.TrimSpace(part)
		name, reason, _ := strings.Cut(part, ":")
		for _, field := range p.Fields {
			if titles[field] != "" && plainWords(name) == plainWords(titles[field]) {
				name = field
			}
		}
		switch m := beginsField.FindStringSubmatch(part); {
		case part == "":
		case slices.Contains(p.Fields, name) && strings.TrimSpace(reason) != "":
			last = name
			own[name] = strings.TrimSpace(reason)
		case m != nil: // one that is not there: the rules say so
			last = m[1]
			own[last] = m[2]
		case last != "":
			own[last] += "; " + part
		case all != "":
			all += "; " + part
		default:
			all = part
		}
	}
	p.Reasons = nil
	if all != "" {
		for _, field := range p.Fields {
			if own[field] == "" {
				own[field] = all
			}
		}
	}
	if len(own) > 0 {
		p.Reasons = own
	}
}

// reasonsOf is the answer that gives the reasons of a purpose.
func reasonsOf(p answers.Purpose, titles map[string]string) string {
	called := func(field string) string {
		if titles[field] != "" {
			return titles[field]
		}
		return field
	}
	uses := map[string]int{}
	for _, reason := range p.Reasons {
		uses[reason]++
	}
	all, complete := "", len(p.Fields) > 0
	for _, field := range p.Fields {
		reason := p.Reasons[field]
		complete = complete && reason != ""
		if uses[reason] > uses[all] || all == "" {
			all = reason
		}
	}
	if !complete || beginsField.MatchString(all) || len(p.Fields) > 1 && uses[all] < 2 {
		all = ""
	}
	var parts []string
	if all != "" {
		parts = []string{all}
	}
	for _, field := range p.Fields {
		if reason := p.Reasons[field]; reason != "" && reason != all {
			parts = append(parts, called(field)+": "+reason)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(p.Reasons)) { // of what is no field, to be mended
		if !slices.Contains(p.Fields, field) {
			parts = append(parts, field+": "+p.Reasons[field])
		}
	}
	return strings.Join(parts, "; ")
}

// titlesOf are what people call the fields of a source.
func (s *session) titlesOf(x answers.Source) map[string]string {
	titles := map[string]string{}
	for _, path := range x.Purpose.Fields {
		titles[path] = s.fieldOf(x, path)
	}
	return titles
}

// withFields gives a purpose other fields. A reason stays with its field.
func withFields(p *answers.Purpose, fields []string) {
	p.Fields = fields
	maps.DeleteFunc(p.Reasons, func(field, _ string) bool { return !slices.Contains(fields, field) })
	if len(p.Reasons) == 0 {
		p.Reasons = nil
	}
}
