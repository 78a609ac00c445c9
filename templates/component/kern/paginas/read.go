package paginas

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// mistake is what is wrong with one field, or with one of its inputs.
type mistake struct{ Field, Part, Text string }

// readForm turns what somebody typed into the JSON that layer 4 takes. All
// mistakes come back at once.
func (v *visit) readForm(fields []Field) (map[string]any, []mistake) {
	out := map[string]any{}
	var mistakes []mistake
	for _, m := range v.sent.wrong {
		if m.Field == "" {
			mistakes = append(mistakes, m)
		}
	}
	for _, f := range fields {
		read, wrong := f.read(v.sent)
		if len(wrong) == 0 && read == nil && f.Required {
			wrong = []mistake{{Text: f.missing()}}
		}
		for _, m := range wrong {
			mistakes = append(mistakes, mistake{f.Name, m.Part, f.sentence(m.Text)})
		}
		if len(wrong) == 0 && read != nil {
			out[f.Name] = read
		}
	}
	return out, mistakes
}

// read reads one field; nil is a field that was left empty.
func (f Field) read(in *sent) (any, []mistake) {
	switch f.kind().Control {
	case value.AddressParts:
		return readParts(f, in, value.ParseAddress)
	case value.ForeignLines:
		return readParts(f, in, value.ParseForeignAddress)
	case value.AnyAddressOf:
		return readParts(f, in, value.ParseAnyAddress)
	case value.Place:
		p, err := value.ParsePoint(in.Get(f.Name+".lat"), in.Get(f.Name+".lon"))
		if err != nil {
			return nil, one(err)
		}
		if p == nil {
			return nil, nil
		}
		return p, nil
	case value.Upload:
		return f.readFile(in)
	case value.Day, value.Moment, value.PartialDay:
		return f.readDate(in)
	}
	v, err := value.FromForm(f.Kind, in.Get(f.Name))
	if errors.Is(err, value.ErrEmpty) {
		return nil, nil
	}
	if err != nil {
		return nil, one(err)
	}
	if text := f.outside(v); text != "" {
		return nil, []mistake{{Text: text}}
	}
	return v, nil
}

func one(err error) []mistake { return []mistake{{Text: err.Error()}} }

// outside says which limit a value breaks.
func (f Field) outside(v any) string {
	var n float64
	switch v := v.(type) {
	case int64:
		n = float64(v)
	case float64:
		n = v
	case value.Money:
		n = float64(v) / 100
	case string:
		if f.MaxLength > 0 && utf8.RuneCountInString(v) > f.MaxLength {
			return fmt.Sprintf("Gebruik hoogstens %d tekens; nu zijn het er %d", f.MaxLength, utf8.RuneCountInString(v))
		}
		if f.is(value.Choice) && !slices.Contains(f.Choices, v) {
			return "Kies een van de antwoorden"
		}
		return ""
	default:
		return ""
	}
	if f.Min != nil && n < *f.Min || f.Max != nil && n > *f.Max {
		limits := f.limits()
		return "Vul " + strings.ToLower(limits[:1]) + limits[1:] + " in"
	}
	return ""
}

// readParts reads a value of which each input has faults of its own.
func readParts[T any](f Field, in *sent, parse func(part func(string) string) (*T, map[string]error)) (any, []mistake) {
	v, faults := parse(func(part string) string { return in.Get(f.Name + "." + part) })
	var wrong []mistake
	for _, p := range f.parts() { // in the order of the screen
		if err := faults[p.Name]; err != nil {
			wrong = append(wrong, mistake{Part: p.Name, Text: err.Error()})
		}
	}
	if v == nil || len(wrong) > 0 {
		return nil, wrong
	}
	return v, nil
}

func (f Field) readDate(in *sent) (any, []mistake) {
	var filled int
	parts := f.parts()
	got := make([]string, len(parts))
	for i, p := range parts {
		if text := in.Get(f.Name + "." + p.Name); !value.Blank(text) {
			got[i] = strings.TrimSpace(text)
			filled++
		}
	}
	if filled == 0 {
		return nil, nil
	}
	var wrong []mistake
	for i, p := range parts {
		if got[i] == "" && p.Optional {
			got[i] = "00"
		}
		if got[i] == "" {
			wrong = append(wrong, mistake{Part: p.Name, Text: "Vul ook in: " + strings.ToLower(p.Label)})
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	text := strings.Join(got[:3], "-")
	if f.is(value.Moment) {
		text += " " + got[3]
	}
	v, err := value.FromForm(f.Kind, text)
	if err != nil {
		return nil, []mistake{{Part: value.Part(err), Text: err.Error()}}
	}
	return v, nil
}

// readFile names the file that came along, or the one that was there.
func (f Field) readFile(in *sent) (any, []mistake) {
	var wrong []mistake
	for _, m := range in.wrong {
		if m.Field == f.Name {
			wrong = append(wrong, m)
		}
	}
	id := in.Get(f.Name + partID)
	if len(wrong) > 0 || !value.IsUUID(id) {
		return nil, wrong
	}
	return map[string]any{"id": id}, nil
}

// missing is what to say when a required field is empty.
func (f Field) missing() string {
	switch f.kind().Control {
	case value.YesNo, value.Choice, value.ReferenceList:
		return "Kies een antwoord"
	case value.Upload:
		return "Kies een bestand"
	case value.Day:
		return "Vul de dag, de maand en het jaar in"
	case value.PartialDay:
		return "Vul in wat u van de datum weet, ten minste het jaar"
	case value.Moment:
		return "Vul de dag, de maand, het jaar en de tijd in"
	case value.Place:
		return "Vul de breedtegraad en de lengtegraad in"
	case value.AddressParts, value.ForeignLines, value.AnyAddressOf:
		return "Vul het adres in"
	}
	return value.Missing
}

// sentence puts the label before a message, so that the list at the top of the
// page says the same as the message at the field.
func (f Field) sentence(text string) string {
	if text == "" {
		text = "Klopt niet"
	}
	first, size := utf8.DecodeRuneInString(text)
	if second, _ := utf8.DecodeRuneInString(text[size:]); !unicode.IsUpper(second) {
		text = string(unicode.ToLower(first)) + text[size:]
	}
	if strings.HasSuffix(f.Label, "?") || strings.HasSuffix(f.Label, "!") || strings.HasSuffix(f.Label, ".") {
		return f.Label + " " + ucfirst(text)
	}
	return f.Label + ": " + text
}

// fromProblem maps the mistakes that layer 4 found to fields of the form. What
// belongs to no field becomes a mistake without one.
func fromProblem(fields []Field, f *fault) []mistake {
	var all []mistake
	for _, e := range f.errors {
		path := strings.Split(strings.Trim(e.Location.Pointer, "/"), "/")
		i := slices.IndexFunc(fields, func(x Field) bool { return x.Name == path[0] })
		if i < 0 {
			all = append(all, mistake{Text: ucfirst(e.Detail)})
			continue
		}
		m := mistake{Field: path[0], Text: fields[i].sentence(e.Detail)}
		if len(path) > 1 && slices.ContainsFunc(fields[i].parts(), func(p partView) bool { return p.Name == path[1] }) {
			m.Part = path[1]
		}
		all = append(all, m)
	}
	if len(all) == 0 && f.detail != "" {
		all = append(all, mistake{Text: f.detail})
	}
	return all
}

// Typed is what somebody types in a form for a value in JSON notation.
func Typed(f Field, v any) url.Values {
	typed := url.Values{}
	typedFrom(f, v, typed)
	return typed
}

// typedFrom writes a value from JSON as it would be typed, to fill a form with
// what is already known.
func typedFrom(f Field, v any, into url.Values) {
	if v == nil {
		return
	}
	switch x := v.(type) {
	case map[string]any:
		switch f.kind().Control {
		case value.AddressParts, value.ForeignLines, value.AnyAddressOf:
			f.partsTyped(x, func(part, text string) { into.Set(f.Name+"."+part, text) })
		case value.PartialDay:
			typedPartialDate(f.Name, x, into)
		case value.Upload:
			if id, ok := x["id"].(string); ok {
				into.Set(f.Name+partID, id)
			}
		case value.Place:
			if c, ok := x["coordinates"].([]any); ok && len(c) >= 2 {
				into.Set(f.Name+".lon", value.Display("", c[0]))
				into.Set(f.Name+".lat", value.Display("", c[1]))
			}
		}
	case string:
		typedFromText(f, x, into)
	default:
		into.Set(f.Name, value.Display("", v)) // without points between thousands, which nobody has to take out
	}
}

func typedFromText(f Field, text string, into url.Values) {
	switch f.kind().Control {
	case value.Day:
		setDay(f.Name, text, into)
	case value.Moment:
		if t, err := value.ParseDateTime(text); err == nil {
			day, clock, _ := strings.Cut(t.String(), " om ") // Dutch time, as people read it
			setDay(f.Name, day, into)
			into.Set(f.Name+".tijd", clock)
		}
	case value.YesNo:
		if typed := f.kind().Typed(text); typed != "" {
			into.Set(f.Name, typed)
		}
	default:
		into.Set(f.Name, f.kind().Typed(text))
	}
}

// typedPartialDate writes an incomplete date as its three inputs have it.
func typedPartialDate(name string, object map[string]any, into url.Values) {
	raw, err := json.Marshal(object)
	var d value.PartialDate
	if err != nil || json.Unmarshal(raw, &d) != nil {
		return
	}
	for part, text := range map[string]string{".jaar": string(d[:4]), ".maand": string(d[5:7]), ".dag": string(d[8:])} {
		if text != "00" && part != ".jaar" {
			text = strings.TrimLeft(text, "0")
		}
		if text != "00" {
			into.Set(name+part, text)
		}
	}
}

func setDay(name, text string, into url.Values) {
	day, err := value.ParseDate(text)
	if err != nil {
		return
	}
	year, rest, _ := strings.Cut(string(day), "-")
	month, dd, _ := strings.Cut(rest, "-")
	into.Set(name+".jaar", year)
	into.Set(name+".maand", strings.TrimLeft(month, "0"))
	into.Set(name+".dag", strings.TrimLeft(dd, "0"))
}
