package model

import (
	"slices"
	"strconv"
	"strings"
)

// shapes names the types in the answer of each operation. An answer that is not
// an object or a list of something known gets no type. Taken holds the names
// that the clients declare already.
func (b *builder) shapes(taken map[string]string) {
	for _, s := range b.own {
		for _, op := range s.Operations {
			if op.Shape == nil || op.Shape.Kind != "object" && op.Shape.Kind != "list" || op.Name.Go == "" || s.Name.Go == "" {
				op.Shape = nil
				continue
			}
			op.Shape.Go = s.Name.Go + op.Name.Go + "Antwoord"
			nameShapes(op.Shape, s.Name.Go+op.Name.Go, nil, taken)
		}
	}
}

// nameShapes names the objects inside a shape after the property in which they
// stand, with as many of the properties above it as it takes to tell them apart.
// Objects that are alike and have the same name share a type.
func nameShapes(s *Shape, prefix string, path []string, taken map[string]string) {
	inner := func(sub *Shape, path []string) {
		if sub == nil {
			return
		}
		if sub.Kind == "object" {
			sub.Go = typeName(prefix, path, signature(sub), taken)
		}
		nameShapes(sub, prefix, path, taken)
	}
	if s.Item != nil && len(path) == 0 { // the whole answer is a list
		path = []string{"Regel"}
	}
	inner(s.Item, path)
	for _, f := range s.Fields {
		inner(f.Shape, append(slices.Clip(path), f.Go))
	}
}

// longestType is where the name of a type stops growing.
const longestType = 80

// typeName is the shortest name that is free or stands for the same shape
// already. Where all are taken it gets a number: nobody chose these names, so
// nobody has to hear of it.
func typeName(prefix string, path []string, same string, taken map[string]string) string {
	name := prefix
	for i := len(path) - 1; i >= 0; i-- {
		name = prefix + strings.Join(path[i:], "")
		name = name[:min(len(name), longestType)]
		if taken[name] == "" || taken[name] == same {
			taken[name] = same
			return name
		}
	}
	for n := 2; ; n++ {
		if try := name + strconv.Itoa(n); taken[try] == "" || taken[try] == same {
			taken[try] = same
			return try
		}
	}
}

// signature is the same for shapes that make the same type. What is declared by
// name alone (see clientNames) has no braces.
func signature(s *Shape) string {
	var b strings.Builder
	var write func(*Shape)
	write = func(s *Shape) {
		if s == nil {
			return
		}
		b.WriteString(s.Kind)
		if s.Kind == "object" {
			b.WriteByte('{')
			for _, f := range s.Fields {
				b.WriteString(strconv.Quote(f.JSON) + f.Go + ":")
				write(f.Shape)
			}
			b.WriteByte('}')
		}
		write(s.Item)
	}
	write(s)
	return b.String()
}
