package fieldtype

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Storage is how a database keeps the values of a type.
type Storage int

// The ways to keep a value.
const (
	AsText    Storage = iota
	AsNumber          // as SQL writes it
	AsBoolean         // true or false
	AsMoment          // RFC 3339 in UTC
	AsObject          // JSON
)

// storages are the types of which the values are no text.
var storages = map[string]Storage{
	"integer": AsNumber, "decimal": AsNumber, "money": AsNumber, "boolean": AsBoolean, "datetime": AsMoment,
	"adres": AsObject, "adres-buitenland": AsObject, "adres-overal": AsObject, "geo": AsObject, "file": AsObject,
}

// Storage is how a database keeps a value of the type.
func (t Type) Storage() Storage { return storages[t.Name] }

// Stored is a value in form notation, which Check gave, as a database keeps it; ""
// when it cannot be read.
func (t Type) Stored(form string) string {
	switch t.Name {
	case "integer", "decimal", "boolean":
		return form
	case "money":
		m, err := value.ParseMoney(form)
		if err != nil {
			return ""
		}
		return strconv.FormatInt(int64(m), 10)
	case "datetime":
		moment, err := time.Parse(time.RFC3339, form)
		if err != nil {
			return ""
		}
		return moment.UTC().Format(time.RFC3339)
	case "adres":
		return asStored(parseAddress(form))
	case "adres-buitenland":
		return asStored(parseForeign(form))
	case "adres-overal":
		return asStored(parseAnyAddress(form))
	case "geo":
		return asStored(parsePoint(form))
	}
	return form
}

func asStored[T any](v T, ok bool) string {
	raw, err := json.Marshal(v)
	if !ok || err != nil {
		return ""
	}
	return string(raw)
}
