package fieldtype

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// regexAddress cuts an address of one line into its parts.
var regexAddress = regexp.MustCompile(`^([^,0-9\s\p{Z}\x{85}][^,]{0,78}?) ([1-9][0-9]{0,4})(?: ?([A-Za-z])(?:[ -]([A-Za-z0-9]{1,4}))?|[ -]([A-Za-z0-9]{1,4}))?, ?([1-9][0-9]{3}) ?([A-Za-z]{2}),? +([^,0-9\s\p{Z}\x{85}][^,]{0,78})$`)

// parseAddress reads an adres in the notation of the answers file; what its
// parts may be, package value says.
func parseAddress(s string) (value.Address, bool) {
	m := regexAddress.FindStringSubmatch(s)
	if m == nil {
		return value.Address{}, false
	}
	number, err := strconv.Atoi(m[2])
	a := value.Address{
		Straat: strings.TrimSpace(m[1]), Huisnummer: number, Huisletter: strings.ToUpper(m[3]), Huisnummertoevoeging: m[4] + m[5],
		Postcode: m[6] + " " + strings.ToUpper(m[7]), Woonplaats: strings.TrimSpace(m[8]),
	}
	return a, err == nil && a.Faults() == nil
}

// formAddress writes an adres in the notation of the answers file.
func formAddress(a value.Address) string {
	s := a.Straat + " " + strconv.Itoa(a.Huisnummer)
	if a.Huisletter != "" {
		s += " " + a.Huisletter
	}
	if a.Huisnummertoevoeging != "" {
		s += " " + a.Huisnummertoevoeging
	}
	return s + ", " + a.Postcode + " " + a.Woonplaats
}

// parseForeign reads an address abroad in the notation of the answers file: one to
// three lines and a country, with commas between them.
func parseForeign(s string) (value.ForeignAddress, bool) {
	lines := strings.Split(s, ",")
	last := len(lines) - 1
	if last < 1 || last > 3 {
		return value.ForeignAddress{}, false
	}
	a, faults := value.ParseForeignAddress(func(part string) string {
		switch i := slices.Index(value.ForeignParts(), part); {
		case part == value.PartCountry:
			return lines[last]
		case i < last:
			return lines[i]
		}
		return ""
	})
	if a == nil || faults != nil {
		return value.ForeignAddress{}, false
	}
	return *a, true
}

func formForeign(a value.ForeignAddress) string { return a.String() }

// parseAnyAddress reads either.
func parseAnyAddress(s string) (value.AnyAddress, bool) {
	if dutch, ok := parseAddress(s); ok {
		return value.AnyAddress{Dutch: dutch}, true
	}
	abroad, ok := parseForeign(s)
	return value.AnyAddress{Abroad: abroad}, ok
}

func formAnyAddress(a value.AnyAddress) string {
	if a.Abroad.Country != "" {
		return formForeign(a.Abroad)
	}
	return formAddress(a.Dutch)
}

var regexPoint = regexp.MustCompile(`^(-?[0-9]{1,2}(?:\.[0-9]{1,7})?)[,; ] ?(-?[0-9]{1,3}(?:\.[0-9]{1,7})?)$`)

// parsePoint accepts a place in the European Netherlands only: a swapped
// latitude and longitude is the usual mistake, and falls outside.
func parsePoint(s string) (value.Point, bool) {
	m := regexPoint.FindStringSubmatch(s)
	if m == nil {
		return value.Point{}, false
	}
	lat, err1 := strconv.ParseFloat(m[1], 64)
	lon, err2 := strconv.ParseFloat(m[2], 64)
	if err1 != nil || err2 != nil || lat < 50.7 || lat > 53.7 || lon < 3.2 || lon > 7.3 {
		return value.Point{}, false
	}
	return value.Point{Lon: lon, Lat: lat}, true
}

// formPoint writes a geo in the notation of the answers file.
func formPoint(p value.Point) string { return degrees(p.Lat) + ", " + degrees(p.Lon) }

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// attachment is the i-th value of type file, with its form notation: its name. In
// Go it has no id: what stores the invented records makes the file as well.
func attachment(i int) Example {
	file := value.Attachment{Name: fmt.Sprintf("bijlage-%d.txt", i+1), Mediatype: "text/plain"}
	e := object(file.Name, file)
	file.ID, file.Size = UUID("bestand", i), 4096
	e.JSON = object(file.Name, file).JSON
	return e
}

// object writes a value of a type that is an object.
func object(form string, v any) Example {
	raw, err := json.Marshal(v)
	if err != nil {
		raw = []byte("null")
	}
	return Example{Form: form, JSON: string(raw), Go: goLiteral(v)}
}

// goLiteral writes a struct as Go, without the fields that are empty.
func goLiteral(v any) string { return literal(reflect.ValueOf(v)) }

func literal(of reflect.Value) string {
	switch of.Kind() {
	case reflect.String:
		return strconv.Quote(of.String())
	case reflect.Float64:
		return degrees(of.Float())
	case reflect.Struct:
		var fields []string
		for i := range of.NumField() {
			if field := of.Field(i); !field.IsZero() {
				fields = append(fields, of.Type().Field(i).Name+": "+literal(field))
			}
		}
		return fmt.Sprintf("%s{%s}", of.Type(), strings.Join(fields, ", "))
	}
	return fmt.Sprint(of)
}
