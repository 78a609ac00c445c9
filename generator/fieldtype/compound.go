package fieldtype

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
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
func goLiteral(v any) string {
	var fields []string
	of := reflect.ValueOf(v)
	for i := range of.NumField() {
		field := of.Field(i)
		if field.IsZero() {
			continue
		}
		text := fmt.Sprint(field)
		switch field.Kind() {
		case reflect.String:
			text = strconv.Quote(field.String())
		case reflect.Float64:
			text = degrees(field.Float())
		}
		fields = append(fields, of.Type().Field(i).Name+": "+text)
	}
	return fmt.Sprintf("%T{%s}", v, strings.Join(fields, ", "))
}
