package model

import "strconv"

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
			nameShapes(op.Shape, s.Name.Go+op.Name.Go, taken)
		}
	}
}

// nameShapes names the objects inside a shape. A name that is taken gets a
// number: nobody chose these names, so nobody has to hear of it.
func nameShapes(s *Shape, name string, taken map[string]string) {
	inner := func(sub *Shape, name string) {
		if sub == nil {
			return
		}
		if sub.Kind == "object" {
			sub.Go = free(name, taken)
		}
		nameShapes(sub, name, taken)
	}
	if s.Item != nil && s.Go != "" { // the whole answer is a list
		name += "Regel"
	}
	inner(s.Item, name)
	for _, f := range s.Fields {
		inner(f.Shape, name+f.Go)
	}
}

// longestType is where the name of a type stops growing with its depth.
const longestType = 80

// free is name, with a number behind it when something has that name already.
func free(name string, taken map[string]string) string {
	name = name[:min(len(name), longestType)]
	try := name
	for i := 2; taken[try] != ""; i++ {
		try = name + strconv.Itoa(i)
	}
	taken[try] = name
	return try
}
