package opslag

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// misfit names each field that the type of a row, Columns and Fields do not have
// alike: what one of the three forgets is lost without a word, and what a driver
// says of it may quote a row.
func (s Schema[T]) misfit() error {
	row := new(T)
	v := reflect.ValueOf(row).Elem()
	var inType, inColumns, inFields []string
	names := map[uintptr]string{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" {
			continue
		}
		inType = append(inType, name)
		names[v.Field(i).Addr().Pointer()] = name
	}
	for _, c := range s.Columns {
		inColumns = append(inColumns, c.JSON)
	}
	for _, target := range s.Fields(row) {
		inFields = append(inFields, names[reflect.ValueOf(target).Pointer()])
	}
	var faults []error
	compare := func(one []string, there string, other []string, where string) {
		for _, name := range one {
			if name != "" && !slices.Contains(other, name) {
				faults = append(faults, fmt.Errorf("gegevens: veld %s: staat in 1-gegevens %s van %s en ontbreekt %s", name, there, v.Type().Name(), where))
			}
		}
	}
	compare(inType, "in het type", inColumns, "bij Columns")
	compare(inColumns, "bij Columns", inType, "in het type")
	compare(inColumns, "bij Columns", inFields, "bij Fields")
	compare(inFields, "bij Fields", inColumns, "bij Columns")
	if len(faults) == 0 && !slices.Equal(inColumns, inFields) {
		faults = append(faults, fmt.Errorf("gegevens: de velden van %s staan in 1-gegevens bij Fields in een andere volgorde dan bij Columns", v.Type().Name()))
	}
	return errors.Join(faults...)
}
