package render

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"text/template"
)

// methodCost is what a call of a method of the model costs beside the rest.
const methodCost = 50

// methods are the names of the methods that a template can reach from Data.
var methods = sync.OnceValue(func() map[string]bool {
	names, seen := map[string]bool{}, map[reflect.Type]bool{}
	var visit func(of reflect.Type)
	visit = func(of reflect.Type) {
		if seen[of] {
			return
		}
		seen[of] = true
		for i := range of.NumMethod() {
			names[of.Method(i).Name] = true
			for out := range of.Method(i).Type.Outs() {
				visit(out)
			}
		}
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
			visit(of.Elem())
		case reflect.Struct:
			visit(reflect.PointerTo(of))
			for i := range of.NumField() {
				if of.Field(i).IsExported() {
					visit(of.Field(i).Type)
				}
			}
		}
	}
	visit(reflect.TypeFor[Data]())
	return names
})

// place is a part of the output, and the line of the template that it comes from.
type place struct{ offset, line int }

// meter counts what one execution takes.
type meter struct {
	left  int
	total *atomic.Int64 // what is left for the whole pack
	line  int           // that is executed
	calls int           // templates that have begun and not ended
	out   *limited
	keep  bool    // remember places
	marks []place // in the order of the output
}

// errTooMuch says that a template takes too much.
var errTooMuch = errors.New("the template takes too much work: its loops never end, or it makes the same thing too often")

// errTooDeep says that templates call each other without an end.
var errTooDeep = fmt.Errorf("templates call each other more than %d times", maxCalls)

// errTooLarge says that a function made too much.
var errTooLarge = fmt.Errorf("a value is larger than %d bytes", maxValue)

func (m *meter) spend(n int) {
	m.left -= n
	if m.left < 0 || m.total.Add(-int64(n)) < 0 {
		panic(errTooMuch) // text/template makes an error of it
	}
}

// count is what stands before each node.
func (m *meter) count(n, line int) string {
	switch n {
	case leave:
		m.calls--
		return ""
	case enter:
		if m.calls++; m.calls > maxCalls {
			panic(errTooDeep)
		}
		return ""
	}
	m.line = line
	if m.keep {
		m.marks = append(m.marks, place{m.out.buffer.Len(), line})
	}
	m.spend(n)
	return ""
}

// functions are those of a template of somebody else: each is paid for by what it
// reads and makes, and none makes much at once.
func (m *meter) functions(base template.FuncMap) template.FuncMap {
	all := template.FuncMap{countName: m.count}
	for name, function := range base {
		all[name] = m.guarded(name, reflect.ValueOf(function))
	}
	for name, function := range map[string]func(...any) string{"print": fmt.Sprint, "println": fmt.Sprintln} {
		all[name] = func(args ...any) string { return m.printed(args, func() string { return function(args...) }) }
	}
	all["printf"] = func(format string, args ...any) string {
		if what := formatFault(format); what != "" {
			panic(fmt.Errorf("printf: %s", what))
		}
		return m.printed(append([]any{format}, args...), func() string { return fmt.Sprintf(format, args...) })
	}
	for _, name := range []string{"js", "urlquery", "call"} {
		all[name] = func(...any) (string, error) { return "", errors.New("not for templates of a component") }
	}
	return all
}

// printed prints plain values only: an address in memory is another one each time.
func (m *meter) printed(args []any, do func() string) string {
	for _, arg := range args {
		if !isPlainValue(reflect.ValueOf(arg), 0) {
			panic(fmt.Errorf("a value of type %T is no text", arg))
		}
	}
	m.weigh(reflect.ValueOf(args))
	out := do()
	m.weigh(reflect.ValueOf(out))
	return out
}

// formatFault refuses what makes much out of little: a width of a million, or one
// value a thousand times.
func formatFault(format string) string {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		digits, most := 0, 3 // of a width; a precision takes one more
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.*[]", format[i]) >= 0; i++ {
			if c := format[i]; c == '*' || c == '[' {
				return "a width or place from a value is not offered"
			} else if c >= '0' && c <= '9' {
				digits++
			} else if c == '.' {
				digits, most = 0, 4
			}
			if digits > most {
				return "so large a width is not offered"
			}
		}
	}
	return ""
}

// isPlainValue says whether a value is text, a number, yes or no, or a list of those.
func isPlainValue(v reflect.Value, depth int) bool {
	switch v.Kind() {
	case reflect.Interface:
		return v.IsNil() || isPlainValue(v.Elem(), depth)
	case reflect.Invalid, reflect.Bool, reflect.String, reflect.Float32, reflect.Float64,
		reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return true
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if depth > maxNesting || !isPlainValue(v.Index(i), depth+1) {
				return false
			}
		}
		return true
	}
	return false
}

// guarded is a function with its price.
func (m *meter) guarded(name string, function reflect.Value) any {
	of := function.Type()
	return reflect.MakeFunc(of, func(args []reflect.Value) []reflect.Value {
		for _, arg := range args {
			m.weigh(arg)
		}
		if grows(name, args) > maxValue {
			panic(errTooLarge)
		}
		if name == "join" && !isPlainValue(args[1], 0) {
			panic(errors.New("join: the values are no text"))
		}
		var out []reflect.Value
		if of.IsVariadic() {
			out = function.CallSlice(args)
		} else {
			out = function.Call(args)
		}
		m.weigh(out[0])
		return out
	}).Interface()
}

// grows is how much a function is about to make, of those that make much out of
// little; 0 for the others.
func grows(name string, args []reflect.Value) int {
	switch name {
	case "replace": // old, new, text
		old, with, text := args[0].String(), args[1].String(), args[2].String()
		return len(text) + strings.Count(text, old)*len(with)
	case "indent", "nindent":
		n, text := args[0].Int(), args[1].String()
		if n < 0 || n > 1000 {
			return maxValue + 1
		}
		return len(text) + (strings.Count(text, "\n")+1)*int(n)
	case "join":
		n := 0
		if list := reflect.Indirect(unwrapped(args[1])); list.Kind() == reflect.Slice {
			n = list.Len() * len(args[0].String())
		}
		return n
	}
	return 0
}

func unwrapped(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	return v
}

// weigh pays for a value, and refuses one that is too large. A list that holds
// itself many times counts as often as it is written out.
func (m *meter) weigh(v reflect.Value) {
	n := size(v, maxValue, 0)
	if n > maxValue {
		panic(errTooLarge)
	}
	m.spend(1 + n/64)
}

// size is about how long a value is when it is written, up to just over most.
func size(v reflect.Value, most, depth int) int {
	if depth > maxNesting {
		return most + 1
	}
	switch v.Kind() {
	case reflect.Interface:
		return size(v.Elem(), most, depth)
	case reflect.String:
		return v.Len()
	case reflect.Slice, reflect.Array:
		n := 0
		for i := 0; i < v.Len() && n <= most; i++ {
			n += 1 + size(v.Index(i), most-n, depth+1)
		}
		return n
	case reflect.Map:
		n := 0
		for walk := v.MapRange(); walk.Next() && n <= most; {
			n += 1 + size(walk.Key(), most-n, depth+1) + size(walk.Value(), most-n, depth+1)
		}
		return n
	}
	return 1
}
