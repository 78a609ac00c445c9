package value

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

func jsonValue(v any) (driver.Value, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// scanJSON reads what jsonValue stored. Its error says nothing of the content.
func scanJSON[T any](src any, to *T) error {
	var b []byte
	switch v := src.(type) {
	case string:
		b = []byte(v)
	case []byte:
		b = v
	default:
		return fmt.Errorf("value: %T cannot be read from %T", *to, src)
	}
	var fresh T
	if err := json.Unmarshal(b, &fresh); err != nil {
		return fmt.Errorf("value: %T is stored in a form that cannot be read", *to)
	}
	*to = fresh
	return nil
}

// displayObject writes an adres, a geo or a file that came as a JSON object.
func displayObject(kind string, m map[string]any) string {
	k, _ := Of(kind)
	b, err := json.Marshal(m)
	if err != nil || k.object == nil {
		return ""
	}
	return k.object(b)
}
