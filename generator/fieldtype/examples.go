package fieldtype

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Example is one synthetic value in three notations. Go is an expression of
// the type without pointer.
type Example struct{ Form, JSON, Go string }

// Examples returns Count values for f: valid, always the same, and clearly
// synthetic. f.Example, when given, comes first.
func (t Type) Examples(f *Field) []Example {
	out := make([]Example, Count)
	for i := range out {
		out[i] = t.example(f, i)
	}
	if f.Example != "" {
		out[0] = t.write(f, f.Example)
	}
	return out
}

// example is the i-th value of f, before f.Example has its say.
func (t Type) example(f *Field, i int) Example {
	switch t.Name {
	case "file":
		return attachment(i)
	case "adres":
		return addresses[i].example()
	case "geo":
		return points[i].example()
	case "reference":
		return plain(f.Records[i%len(f.Records)])
	case "enum":
		return plain(f.Values[i%len(f.Values)])
	case "text", "longtext":
		return plain(exampleText(f, t.MaxLength(f), i))
	case "integer", "decimal", "money":
		return t.write(f, exampleNumber(t.Name, f, i))
	}
	if t.Name == "date" {
		return t.write(f, exampleDate(f, i))
	}
	return t.write(f, fixed[t.Name](i))
}

// exampleDate is a day that suits the name of the field: an end comes after a
// beginning, and people are born earlier.
func exampleDate(f *Field, i int) string {
	name, date := strings.ToLower(f.Name), day(i)
	switch {
	case strings.Contains(name, "geboorte"):
		date = date.AddDate(-45+4*i, 0, i)
	case strings.HasPrefix(name, "eind") || strings.HasPrefix(name, "verval") || strings.HasSuffix(name, "tot"):
		date = date.AddDate(0, 3, 0)
	}
	return date.Format(time.DateOnly)
}

// write puts a value in form notation into the three notations.
func (t Type) write(f *Field, s string) Example {
	switch t.Go {
	case "int64", "float64":
		return Example{Form: s, JSON: s, Go: t.Go + "(" + s + ")"}
	case "bool":
		return Example{Form: s, JSON: s, Go: s}
	case "value.Money":
		point := strings.Replace(s, ",", ".", 1)
		return Example{Form: s, JSON: jsonString(point), Go: "value.Money(" + cents(s) + ")"}
	case "value.Date":
		return Example{Form: s, JSON: jsonString(s), Go: "value.Date(" + strconv.Quote(s) + ")"}
	case "value.DateTime":
		return exampleTime(s)
	case "value.Address":
		address, _ := parseAddress(s)
		return address.example()
	case "value.Point":
		point, _ := parsePoint(s)
		return point.example()
	}
	return plain(s)
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
func exampleNumber(kind string, f *Field, i int) string {
	step := 1.0
	switch kind {
	case "decimal":
		step = 1.5
	case "money":
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
	switch kind {
	case "integer":
		return strconv.FormatInt(int64(math.Floor(n)), 10)
	case "money":
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
func exampleText(f *Field, longest, i int) string {
	text := ""
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
