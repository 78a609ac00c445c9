package adr

import (
	"context"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

var (
	dateName   = pattern(`((\w+D)|(_[dD]))((ate)|(atum))`)
	dateFirst  = pattern(`^datum_?[A-Z]`) // datumBesluit, as Dutch often has it
	momentName = pattern(`(?i)(date|datum)[_-]?(time|tijd)`)
)

// designDate are about dates, moments and times.
func designDate() []rule {
	elsewhere := map[string]string{"elsewhere": ""} // the linter looks into properties only
	return []rule{
		{
			Rule: core("date-format", check.Error, "date-time/format", "nlgov:specify-format-for-date-and-time"),
			official: map[string]string{ // the linter knows fewer names, and no parameters
				"date": "", "moment": "", "parameter": "",
			},
			run: dateFormat,
		},
		{
			Rule:     core("date-no-time", check.Error, "date-time/date-omit-time-portion", "nlgov:use-date-instead-of-datetime"),
			official: map[string]string{"deep": ""},
			run:      dateNoTime,
		},
		{
			Rule: core("date-or-moment", check.Warning, "date-time/date-omit-time-portion"),
			run:  dateOrMoment,
		},
		{
			Rule:     core("date-timezone", check.Error, "date-time/timezone", "nlgov:date-time-ensure-timezone"),
			official: elsewhere,
			run:      func(ctx context.Context, d *Document, found finder) { format(ctx, d, "date-time-local", found) },
		},
		{
			Rule:     core("time-local", check.Error, "date-time/format", "nlgov:time-without-timezone"),
			official: elsewhere,
			run:      func(ctx context.Context, d *Document, found finder) { format(ctx, d, "time", found) },
		},
	}
}

// dated are the properties that the official ruleset takes for dates.
func (d *Document) dated() []used {
	return slices.DeleteFunc(slices.Clone(d.facts().properties), func(p used) bool {
		return p.key != "date" && p.key != "datum" && !dateName().MatchString(p.key)
	})
}

// lacksFormat says whether the official ruleset misses a format in a property.
func (d *Document) lacksFormat(p used) bool {
	if !p.node.is(isObject) || p.node.get("format") != nil {
		return false
	}
	_, lacks := d.partWithout(p)
	return lacks || !d.at(p.node, "allOf").is(isArray)
}

// partWithout is the first part of allOf that has no format.
func (d *Document) partWithout(p used) (used, bool) {
	for _, part := range d.members(d.at(p.node, "allOf")) {
		if part.node.is(isObject) && part.node.get("format") == nil {
			return part, d.at(p.node, "allOf").is(isArray)
		}
	}
	return used{}, false
}

// noDate says whether a property that is called after a date cannot be one: whether it is
// known, or a list of dates.
func (d *Document) noDate(p used) bool {
	types := typesOf(p.node)
	if slices.Contains(types, "boolean") {
		return true
	}
	return slices.Contains(types, "array") && d.at(p.node, "items").get("format") != nil
}

func dateFormat(ctx context.Context, d *Document, found finder) {
	for _, p := range d.dated() {
		if d.lacksFormat(p) && !d.noDate(p) {
			found(p.at, "", p.key)
			if part, ok := d.partWithout(p); ok {
				found(part.at, "part", p.key)
			}
		}
	}
	for _, p := range d.facts().properties {
		kase := otherDate(p.key)
		if kase == "" && dateFirst().MatchString(p.key) {
			kase = "date"
		}
		if kase != "" && d.bareText(p.node) {
			found(p.at, kase, p.key)
		}
	}
	for _, p := range d.uriParameters(ctx) {
		name := p.node.get("name")
		if (otherDate(name.text) != "" || dateName().MatchString(name.text)) && d.bareText(d.at(p.node, "schema")) {
			found(name, "parameter", name.text)
		}
	}
}

// otherDate says whether a name that the official ruleset does not know is one of a date
// or of a moment.
func otherDate(name string) string {
	if dateName().MatchString(name) {
		return ""
	}
	lower := strings.ToLower(name)
	for _, end := range []string{"tijdstip", "datumtijd", "timestamp", "datetime"} {
		if strings.HasSuffix(lower, end) {
			return "moment"
		}
	}
	switch lower {
	case "birthdate", "startdate", "enddate", "duedate", "begindate":
		return "date"
	}
	if strings.HasSuffix(lower, "datum") && lower != "datum" {
		return "date"
	}
	return ""
}

// bareText says whether a schema is of any text: without format, and without anything
// that shows that it is deliberately something else, such as an incomplete date.
func (d *Document) bareText(schema *node) bool {
	if !schema.is(isObject) || !slices.Contains(typesOf(schema), "string") {
		return false
	}
	for c := range schema.all() {
		switch c.key {
		case "format", "enum", "const", "pattern", "minLength", "maxLength", "allOf", "anyOf", "oneOf", "$ref":
			return false
		}
	}
	return true
}

// moments gives the formats date-time that the official ruleset finds in dates: in those
// that really are meant as one, or in the others.
func (d *Document) moments(ctx context.Context, meant bool) []below {
	dates := slices.DeleteFunc(d.dated(), func(p used) bool { return noTime(p) != meant })
	return slices.DeleteFunc(d.allBelow(ctx, dates, "format"), func(f below) bool { return f.node.str() != "date-time" })
}

// noTime says whether such a date really is meant as one.
func noTime(p used) bool {
	return !momentName().MatchString(p.key) && p.node.get("properties") == nil && p.node.get("items") == nil
}

func dateNoTime(ctx context.Context, d *Document, found finder) {
	for _, f := range d.moments(ctx, true) {
		kase := ""
		if key := f.source.key; (key == "date" || key == "datum") && isDeep(f.at) {
			kase = "deep"
		}
		found(f.at, kase, f.source.key)
	}
}

// isDeep says whether a place is in a property of a property. There the official linter
// does not see fields that are called date or datum, by the way it reads its own pattern.
func isDeep(at *node) bool {
	depth := 0
	for n := at; n != nil; n = n.parent {
		if n.key == "properties" {
			depth++
		}
	}
	return depth > 1
}

func dateOrMoment(_ context.Context, d *Document, found finder) {
	for _, p := range d.facts().properties {
		if otherDate(p.key) == "date" && p.node.get("format").str() == "date-time" {
			found(p.node.get("format"), "", p.key)
		}
	}
}

// format sees a format that is not to be used.
func format(ctx context.Context, d *Document, forbidden string, found finder) {
	seen := map[*node]bool{}
	for _, p := range d.facts().properties {
		if f, ok := d.child(p, "format"); ok && f.node.str() == forbidden {
			seen[f.node] = true
			found(f.at, "", p.key)
		}
	}
	d.walk(ctx, func(n *node) bool {
		if n.key == "format" && n.str() == forbidden && !seen[n] && n.parent.get("type").str() == "string" {
			found(n, "elsewhere", n.parent.where())
		}
		return true
	})
}
