package opslag

import "reflect"

// scanAbsent reads a row again in which something is absent that must be filled
// here: a later version on the same database may let it be so, or not have it any
// more. It reads as empty then, and an earlier version goes on while the later one
// is rolled out. (Whether the tables fit this version is looked at when it starts.)
func scanAbsent(scan func(...any) error, targets []any) error {
	loose := make([]any, len(targets))
	for i, target := range targets {
		if _, itself := target.(*nullText); itself {
			loose[i] = target
			continue
		}
		loose[i] = reflect.New(reflect.TypeOf(target)).Interface() // a pointer to a pointer may stay nil
	}
	if err := scan(loose...); err != nil {
		return err
	}
	for i, target := range targets {
		if loose[i] == target {
			continue
		}
		to, found := reflect.ValueOf(target).Elem(), reflect.ValueOf(loose[i]).Elem()
		if found.IsNil() {
			to.SetZero()
		} else {
			to.Set(found.Elem())
		}
	}
	return nil
}
