package value

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Point is a place on the map. In JSON it is a GeoJSON Point: longitude first,
// in CRS84, which is the default of the geospatial module of the API rules.
type Point struct{ Lon, Lat float64 }

var errPoint = errors.New("Vul een plek in als breedtegraad en lengtegraad, bijvoorbeeld 51,69 en 5,30")

type geoJSON struct {
	Type        string    `json:"type"`
	Coordinates []float64 `json:"coordinates"`
}

func (p Point) check() error {
	if math.IsNaN(p.Lon) || math.IsNaN(p.Lat) || math.Abs(p.Lon) > 180 || math.Abs(p.Lat) > 90 {
		return errPoint
	}
	return nil
}

// both is a place as a map gives it to copy, in one line.
var both = regexp.MustCompile(`^([-+]?[0-9]+\.[0-9]+)°?[,; ]+([-+]?[0-9]+\.[0-9]+)°?$`)

// ParsePoint reads a place from the two inputs of a form, or from the first one
// when somebody pasted both numbers there.
func ParsePoint(lat, lon string) (*Point, error) {
	if Blank(lat + lon) {
		return nil, nil
	}
	if m := both.FindStringSubmatch(tidy(lat)); m != nil && Blank(lon) {
		lat, lon = m[1], m[2]
	}
	y, err := parseDegrees(lat)
	if err != nil {
		return nil, errPoint
	}
	x, err := parseDegrees(lon)
	if err != nil {
		return nil, errPoint
	}
	p := Point{Lon: x, Lat: y}
	return &p, p.check()
}

// parseDegrees reads a number of degrees. A thousand of those there are not, so a
// point is always the decimal sign: 52.387 is what a map gives.
func parseDegrees(s string) (float64, error) {
	s = strings.TrimSpace(strings.TrimSuffix(tidy(s), "°"))
	if strings.Count(s, ".") == 1 && !strings.Contains(s, ",") {
		s = strings.Replace(s, ".", ",", 1)
	}
	return ParseDecimal(s)
}

// String is the place as people write it, latitude first.
func (p Point) String() string {
	return strings.Replace(strconv.FormatFloat(p.Lat, 'f', 5, 64), ".", ",", 1) + " NB, " +
		strings.Replace(strconv.FormatFloat(p.Lon, 'f', 5, 64), ".", ",", 1) + " OL"
}

// MarshalJSON writes a GeoJSON Point.
func (p Point) MarshalJSON() ([]byte, error) {
	return json.Marshal(geoJSON{"Point", []float64{p.Lon, p.Lat}})
}

// UnmarshalJSON reads a GeoJSON Point; a height is dropped.
func (p *Point) UnmarshalJSON(b []byte) error {
	var g geoJSON
	if err := json.Unmarshal(b, &g); err != nil || g.Type != "Point" || len(g.Coordinates) < 2 || len(g.Coordinates) > 3 {
		return fmt.Errorf("Een plek is een GeoJSON Point met lengtegraad en breedtegraad")
	}
	p.Lon, p.Lat = g.Coordinates[0], g.Coordinates[1]
	return p.check()
}

// Value implements driver.Valuer.
func (p Point) Value() (driver.Value, error) { return jsonValue(p) }

// Scan implements sql.Scanner.
func (p *Point) Scan(src any) error { return scanJSON(src, p) }
