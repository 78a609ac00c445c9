package value

import (
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ForeignAddress is an address outside the Netherlands, as the BRP has it: what
// one writes on an envelope, in three lines and a country.
type ForeignAddress struct {
	Line1   string  `json:"regel1"`
	Line2   string  `json:"regel2,omitempty"`
	Line3   string  `json:"regel3,omitempty"`
	Country Country `json:"land"`
}

// The names of the parts, as in JSON and as the end of the name of a form input.
const (
	PartLine1   = "regel1"
	PartLine2   = "regel2"
	PartLine3   = "regel3"
	PartCountry = "land"
	PartType    = "type" // of an address that may be either
)

// ForeignParts lists the names of the parts, in the order of the screen.
func ForeignParts() []string { return []string{PartLine1, PartLine2, PartLine3, PartCountry} }

// ParseForeignAddress reads an address abroad from a form, as ParseAddress does
// one in the Netherlands.
func ParseForeignAddress(part func(name string) string) (*ForeignAddress, map[string]error) {
	given, empty := parts(ForeignParts(), part)
	if empty {
		return nil, nil
	}
	a := ForeignAddress{Line1: given[PartLine1], Line2: given[PartLine2], Line3: given[PartLine3]}
	a.Country, _ = ParseCountry(given[PartCountry]) // Faults says so
	return &a, a.Faults()
}

// Faults says per part what is wrong with an address; nil when nothing is.
func (a ForeignAddress) Faults() map[string]error {
	faults := map[string]error{}
	line(faults, PartLine1, a.Line1, "Vul de straat en het nummer in (hoogstens 80 tekens)")
	for name, text := range map[string]string{PartLine2: a.Line2, PartLine3: a.Line3} {
		if text != "" {
			line(faults, name, text, "Gebruik in deze regel hoogstens 80 tekens")
		}
	}
	if err := a.Country.check(); err != nil {
		faults[PartCountry] = err
	}
	if len(faults) == 0 {
		return nil
	}
	return faults
}

// String is the address on one line: Voorbeeldlaan 7, 2000 Antwerpen, België.
func (a ForeignAddress) String() string {
	lines := slices.DeleteFunc([]string{a.Line1, a.Line2, a.Line3, a.Country.String()}, Blank)
	return Shown(strings.Join(lines, ", "))
}

// Value implements driver.Valuer: an address is stored as JSON.
func (a ForeignAddress) Value() (driver.Value, error) { return jsonValue(a) }

// Scan implements sql.Scanner.
func (a *ForeignAddress) Scan(src any) error { return scanJSON(src, a) }

// AnyAddress is an address in the Netherlands or abroad: Abroad when that has a
// country. In JSON it has a type and, beside it, the parts of the one that it is.
type AnyAddress struct {
	Dutch  Address
	Abroad ForeignAddress
}

// The types of an address that may be either, in JSON and in a form.
const (
	DutchAddress  = "Adres"
	AbroadAddress = "AdresBuitenland"
)

var (
	errWhere = errors.New("Kies of het adres in Nederland is of in het buitenland")
	errOther = errors.New("Dit hoort niet bij dit type adres")
)

// ParseAnyAddress reads an address that may be either. Whoever filled in one of
// the two need not say which; whoever filled in both has to take one away, for we
// throw nothing away that somebody typed.
func ParseAnyAddress(part func(name string) string) (*AnyAddress, map[string]error) {
	_, noDutch := parts(Parts(), part)
	_, noAbroad := parts(ForeignParts(), part)
	where := part(PartType)
	switch {
	case noDutch && noAbroad && where == "":
		return nil, nil
	case !noDutch && !noAbroad:
		return nil, map[string]error{PartType: errors.New("Vul het adres in Nederland in of dat in het buitenland, en maak het andere leeg")}
	case noAbroad && where != AbroadAddress:
		a, faults := ParseAddress(part)
		if a == nil {
			return nil, Address{}.Faults()
		}
		return &AnyAddress{Dutch: *a}, faults
	case noDutch && where != DutchAddress:
		a, faults := ParseForeignAddress(part)
		if a == nil {
			return nil, ForeignAddress{}.Faults()
		}
		return &AnyAddress{Abroad: *a}, faults
	}
	return nil, map[string]error{PartType: errWhere}
}

// String is the address on one line.
func (a AnyAddress) String() string {
	if a.Abroad.Country != "" {
		return a.Abroad.String()
	}
	return a.Dutch.String()
}

// anyAddress is what tells one from the other in JSON.
type anyAddress struct {
	Type string `json:"type"`
}

// MarshalJSON writes the type with the parts of the address.
func (a AnyAddress) MarshalJSON() ([]byte, error) {
	if a.Abroad.Country != "" {
		return json.Marshal(struct {
			anyAddress
			ForeignAddress
		}{anyAddress{AbroadAddress}, a.Abroad})
	}
	return json.Marshal(struct {
		anyAddress
		Address
	}{anyAddress{DutchAddress}, a.Dutch})
}

// UnmarshalJSON reads either.
func (a *AnyAddress) UnmarshalJSON(b []byte) error {
	var in anyAddress
	*a = AnyAddress{}
	if json.Unmarshal(b, &in) != nil {
		return errWhere
	}
	switch in.Type {
	case DutchAddress:
		return json.Unmarshal(b, &a.Dutch)
	case AbroadAddress:
		return json.Unmarshal(b, &a.Abroad)
	}
	return errWhere
}

// anyAddressFaults says per part what is wrong: which parts there are follows
// from the type.
func anyAddressFaults(raw []byte) map[string]error {
	var a AnyAddress
	var given map[string]any
	if json.Unmarshal(raw, &given) != nil || json.Unmarshal(raw, &a) != nil {
		return nil // its schema says so
	}
	faults, other := a.Dutch.Faults(), ForeignParts()
	if given[PartType] == AbroadAddress {
		faults, other = a.Abroad.Faults(), Parts()
	}
	for _, name := range other {
		if _, there := given[name]; there {
			if faults == nil {
				faults = map[string]error{}
			}
			faults[name] = errOther
		}
	}
	return faults
}

// Value implements driver.Valuer.
func (a AnyAddress) Value() (driver.Value, error) { return jsonValue(a) }

// Scan implements sql.Scanner.
func (a *AnyAddress) Scan(src any) error { return scanJSON(src, a) }

// partialDateFaults and foreignFaults are what the schema of such an object does
// not say.
func partialDateFaults(raw []byte) map[string]error {
	var d partialDate
	if json.Unmarshal(raw, &d) != nil {
		return nil
	}
	return d.faults()
}

func foreignFaults(raw []byte) map[string]error {
	var a ForeignAddress
	if json.Unmarshal(raw, &a) != nil {
		return nil
	}
	faults := a.Faults()
	if err := faults[PartCountry]; err != nil {
		delete(faults, PartCountry)
		faults[PartCountry+"/code"] = fmt.Errorf("Vul de code van een land in, zoals BE; %w", errCountry)
	}
	return faults
}
