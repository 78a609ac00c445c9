package fieldtype

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Example is one synthetic value in three notations. Go is an expression of
// the type without pointer.
type Example struct{ Form, JSON, Go string }

// exampleFunc gives the i-th value of f, before f.Example has its say.
type exampleFunc func(t Type, f *Field, i int) Example

// suited gives values that depend on the field, in form notation.
func suited(form func(t Type, f *Field, i int) string) exampleFunc {
	return func(t Type, f *Field, i int) Example { return t.write(form(t, f, i)) }
}

// each gives values that are the same for every field, in form notation: Count
// of them.
func each(form func(i int) string) exampleFunc {
	return func(t Type, f *Field, i int) Example { return t.write(form(f.within(i))) }
}

// listed gives the values of a list, over and over.
func listed(values ...string) exampleFunc {
	return func(t Type, f *Field, i int) Example { return t.write(nth(values, f.turned(i))) }
}

// Examples returns Count values for f: valid, always the same, and clearly
// synthetic. f.Example, when given, comes first.
func (t Type) Examples(f *Field) []Example {
	out := make([]Example, Count)
	for i := range out {
		if t.example == nil {
			out[i] = t.write("") // a test names the type
			continue
		}
		out[i] = t.example(t, f, i)
	}
	if f.Example != "" {
		out[0] = t.write(f.Example)
	}
	return out
}

// exampleDate is a day that suits the name of the field: an end comes after a
// beginning, and people are born earlier.
func exampleDate(_ Type, f *Field, i int) string {
	i = f.within(i)
	name, date := strings.ToLower(f.Name), day(i).AddDate(0, 0, f.Variant%5)
	switch {
	case strings.Contains(name, "geboorte"):
		date = date.AddDate(-45+4*i, 0, i)
	case strings.HasPrefix(name, "eind") || strings.HasPrefix(name, "verval") || strings.HasSuffix(name, "tot"):
		date = date.AddDate(0, 3, 0)
	}
	return date.Format(time.DateOnly)
}

// examplePartialDate is what exampleDate gives, of which now and then the day,
// the month or all of it is unknown.
func examplePartialDate(t Type, f *Field, i int) string {
	known := [...]int{10, 7, 4, 10, 10, 7, 4, 0}[f.within(i)]
	return exampleDate(t, f, i)[:known] + string(value.Unknown)[known:]
}

// write puts a value in form notation into the three notations.
func (t Type) write(s string) Example {
	switch t.Go {
	case "int64", "float64", "bool":
		return Example{Form: s, JSON: s, Go: s}
	case "value.Money":
		point := strings.Replace(s, ",", ".", 1)
		return Example{Form: s, JSON: jsonString(point), Go: cents(s)}
	case "value.Date":
		return Example{Form: s, JSON: jsonString(s), Go: strconv.Quote(s)}
	case "value.DateTime":
		return exampleTime(s)
	case "value.PartialDate":
		e := object(s, value.PartialDate(s))
		e.Go = strconv.Quote(s)
		return e
	case "value.Address":
		address, _ := parseAddress(s)
		return object(s, address)
	case "value.ForeignAddress":
		address, _ := parseForeign(s)
		return object(s, address)
	case "value.AnyAddress":
		address, _ := parseAnyAddress(s)
		return object(s, address)
	case "value.Point":
		point, _ := parsePoint(s)
		return object(s, point)
	}
	return plain(s)
}

// New is a Go expression that points at the value of an example. A constant has
// the type of the field only where it says so.
func (t Type) New(e Example) string {
	switch t.Go {
	case "int64", "float64", "value.Money", "value.Date", "value.PartialDate":
		return "new(" + t.Go + "(" + e.Go + "))"
	}
	return "new(" + e.Go + ")"
}

func plain(s string) Example { return Example{Form: s, JSON: jsonString(s), Go: strconv.Quote(s)} }

// cents is an amount in form notation as a Go literal of cents.
func cents(s string) string {
	n, _ := strconv.ParseInt(strings.Replace(s, ",", "", 1), 10, 64)
	return strconv.FormatInt(n, 10)
}

// exampleTime writes a moment; in JSON it is UTC.
func exampleTime(s string) Example {
	moment, _ := time.Parse(time.RFC3339, s)
	utc := moment.UTC().Format(time.RFC3339)
	return Example{Form: s, JSON: jsonString(utc), Go: "value.MustDateTime(" + strconv.Quote(utc) + ")"}
}

// exampleNumber spreads the examples over the allowed range, so that both
// bounds occur; without bounds they are small and different.
func exampleNumber(t Type, f *Field, i int) string {
	i = f.within(i)
	step := 1.0
	switch t.Go {
	case "float64":
		step = 1.5
	case "value.Money":
		step = 12.5
	}
	n := step * float64(i+1)
	switch {
	case f.Min != nil && f.Max != nil:
		n = *f.Min + (*f.Max-*f.Min)*float64(i)/(Count-1)
	case f.Min != nil:
		n = *f.Min + step*float64(i)
	case f.Max != nil && n > *f.Max:
		n = *f.Max - step*float64(Count-1-i)
	}
	switch t.Go {
	case "int64":
		return strconv.FormatInt(int64(math.Floor(n)), 10)
	case "value.Money":
		return formMoney(int64(math.Round(math.Floor(n*100 + 1e-6))))
	}
	return strconv.FormatFloat(clamp(f, math.Round(n*100)/100), 'f', -1, 64)
}

// clamp undoes what rounding did to a narrow range.
func clamp(f *Field, n float64) float64 {
	if f.Min != nil {
		n = max(n, *f.Min)
	}
	if f.Max != nil {
		n = min(n, *f.Max)
	}
	return n
}

// exampleText is a text that suits the name of the field.
func exampleText(t Type, f *Field, i int) string {
	i = f.within(i)
	text, longest := "", t.MaxLength(f)
	name := strings.ToLower(f.Name)
	for _, known := range texts {
		if strings.Contains(name, known.word) {
			text = known.values[i%len(known.values)]
			break
		}
	}
	if text == "" {
		text = strings.TrimRight(f.Title, " :.")
		if strings.HasSuffix(text, "?") {
			text = "Antwoord"
		}
		text += " " + strconv.Itoa(i+1)
	}
	if longest > 0 && utf8.RuneCountInString(text) > longest {
		text = strings.TrimSpace(string([]rune(text)[:longest]))
	}
	if text == "" {
		return strconv.Itoa(i + 1)
	}
	return text
}

// texts are synthetic values for texts with a telling name; the first match
// counts. No existing person is meant.
var texts = []struct {
	word   string
	values []string
}{
	{"voornaam", []string{"Noor", "Sem", "Yara", "Bram", "Fenna", "Emir", "Saar", "Joris"}},
	{"voornamen", []string{"Noor Anna", "Sem", "Yara", "Bram Willem", "Fenna", "Emir", "Saar", "Joris"}},
	{"achternaam", []string{"Testman", "Proefstra", "van Toetsen", "Keurmeester", "Voorbeeldsma", "de Proef", "Testinga", "Monsterhuis"}},
	{"geslachtsnaam", []string{"Testman", "Proefstra", "Toetsen", "Keurmeester", "Voorbeeldsma", "Proef", "Testinga", "Monsterhuis"}},
	{"straat", []string{"Dorpsstraat", "Kerkstraat", "Molenweg", "Schoolstraat", "Beukenlaan", "Marktplein", "Havenkade", "Stationsweg"}},
	{"woonplaats", []string{"Holysloot", "Amsterdam", "Utrecht", "'s-Hertogenbosch", "Groningen", "Zwolle", "Rotterdam", "Tilburg"}},
	{"gemeente", []string{"Amsterdam", "Utrecht", "'s-Hertogenbosch", "Groningen", "Zwolle", "Rotterdam", "Tilburg", "Eindhoven"}},
}

func jsonString(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(b)
}
