package fieldtype

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// address is a value of type adres.
type address struct {
	street   string
	number   int
	letter   string
	addition string
	postcode string
	place    string
}

func parseAddress(s string) (address, bool) {
	m := regexAddress.FindStringSubmatch(s)
	if m == nil {
		return address{}, false
	}
	number, err := strconv.Atoi(m[2])
	if err != nil {
		return address{}, false
	}
	return address{
		street: strings.TrimSpace(m[1]), number: number, letter: strings.ToUpper(m[3]), addition: m[4] + m[5],
		postcode: m[6] + " " + strings.ToUpper(m[7]), place: strings.TrimSpace(m[8]),
	}, true
}

func (a address) form() string {
	s := a.street + " " + strconv.Itoa(a.number)
	if a.letter != "" {
		s += " " + a.letter
	}
	if a.addition != "" {
		s += " " + a.addition
	}
	return s + ", " + a.postcode + " " + a.place
}

func (a address) example() Example {
	var json, expr strings.Builder
	add := func(key, field, value string) {
		if value != "" {
			fmt.Fprintf(&json, `,%s:%s`, jsonString(key), jsonString(value))
			fmt.Fprintf(&expr, ", %s: %s", field, strconv.Quote(value))
		}
	}
	fmt.Fprintf(&json, `{"straat":%s,"huisnummer":%d`, jsonString(a.street), a.number)
	fmt.Fprintf(&expr, "value.Address{Straat: %s, Huisnummer: %d", strconv.Quote(a.street), a.number)
	add("huisletter", "Huisletter", a.letter)
	add("huisnummertoevoeging", "Huisnummertoevoeging", a.addition)
	add("postcode", "Postcode", a.postcode)
	add("woonplaats", "Woonplaats", a.place)
	return Example{Form: a.form(), JSON: json.String() + "}", Go: expr.String() + "}"}
}

// point is a value of type geo, in degrees (CRS84).
type point struct{ lat, lon float64 }

var regexPoint = regexp.MustCompile(`^(-?[0-9]{1,2}(?:\.[0-9]{1,7})?)[,; ] ?(-?[0-9]{1,3}(?:\.[0-9]{1,7})?)$`)

// parsePoint accepts a place in the European Netherlands only: a swapped
// latitude and longitude is the usual mistake, and falls outside.
func parsePoint(s string) (point, bool) {
	m := regexPoint.FindStringSubmatch(s)
	if m == nil {
		return point{}, false
	}
	lat, err1 := strconv.ParseFloat(m[1], 64)
	lon, err2 := strconv.ParseFloat(m[2], 64)
	if err1 != nil || err2 != nil || lat < 50.7 || lat > 53.7 || lon < 3.2 || lon > 7.3 {
		return point{}, false
	}
	return point{lat, lon}, true
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

func (p point) form() string { return degrees(p.lat) + ", " + degrees(p.lon) }

func (p point) example() Example {
	return Example{
		Form: p.form(),
		JSON: `{"type":"Point","coordinates":[` + degrees(p.lon) + "," + degrees(p.lat) + "]}",
		Go:   "value.Point{Lon: " + degrees(p.lon) + ", Lat: " + degrees(p.lat) + "}",
	}
}

// attachment is the i-th value of type file.
func attachment(i int) Example {
	name := fmt.Sprintf("bijlage-%d.txt", i+1)
	body := fmt.Sprintf("Verzonnen bijlage nummer %d.\n", i+1)
	return Example{
		Form: name,
		JSON: fmt.Sprintf(`{"naam":%s,"mediatype":"text/plain","inhoud":%s}`, jsonString(name), jsonString(base64.StdEncoding.EncodeToString([]byte(body)))),
		Go:   fmt.Sprintf(`value.Attachment{Naam: %s, Mediatype: "text/plain", Inhoud: []byte(%s)}`, strconv.Quote(name), strconv.Quote(body)),
	}
}
