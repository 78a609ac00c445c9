package migration

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/ddl"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// drawn is a register that changes step by step. Each field and entity has a number
// of its own, so that a test knows which is which, whatever they are called.
type drawn struct {
	entities []drawnEntity
	last     int
}

type drawnEntity struct {
	id     int
	name   string
	fields []drawnField
}

type drawnField struct {
	id int
	answers.Field
	refers int // number of an entity
}

// dice gives the choices of a sequence.
type dice struct{ data []byte }

func (d *dice) roll(n int) int {
	if len(d.data) == 0 || n < 1 {
		return 0
	}
	b := int(d.data[0])
	d.data = d.data[1:]
	return b % n
}

// The names are few, so that one comes back that was gone, and hold words that SQL
// keeps for itself.
var (
	entityNames = []string{"huis", "order", "persoon met een heel lange naam waar geen einde aan lijkt te komen", "tuin", "table"}
	fieldNames  = []string{"naam", "select", "Aantal (%)", "group", "een veld met zo'n lange naam dat een index er niet meer bij past", "plek", "1e keus", "s"}
	choiceSets  = [][]string{{"ja", "nee"}, {"Ja", "nee", "wel'; --"}, {"a.b", "c", "d"}, {"c", "e"}}
	boundSets   = [][2]float64{{0, 5}, {-10, 10}, {3, 3.5}, {1000000, 20000000}}
)

func (r *drawn) next() int { r.last++; return r.last }

func (r *drawn) clone() *drawn {
	c := &drawn{last: r.last}
	for _, e := range r.entities {
		e.fields = slices.Clone(e.fields)
		c.entities = append(c.entities, e)
	}
	return c
}

func (r *drawn) name(id int) string {
	for _, e := range r.entities {
		if e.id == id {
			return e.name
		}
	}
	return ""
}

func (r *drawn) answers() (all []answers.Entity) {
	for _, e := range r.entities {
		a := answers.Entity{Name: e.name}
		for _, f := range e.fields {
			f.Entity = r.name(f.refers)
			a.Fields = append(a.Fields, f.Field)
		}
		all = append(all, a)
	}
	return all
}

func (r *drawn) field(d *dice) drawnField {
	types := fieldtype.Names()
	f := drawnField{id: r.next(), Field: answers.Field{Name: fieldNames[d.roll(len(fieldNames))]}}
	f.retype(d, types[d.roll(len(types))], r)
	f.Required = d.roll(3) == 0
	return f
}

func (f *drawnField) retype(d *dice, kind string, r *drawn) {
	f.Type, f.Values, f.Min, f.Max, f.refers = kind, nil, nil, nil, 0
	t, _ := fieldtype.Of(kind)
	switch {
	case kind == "enum":
		f.Values = choiceSets[d.roll(len(choiceSets))]
	case kind == "reference" && len(r.entities) > 0:
		f.refers = r.entities[d.roll(len(r.entities))].id
	case t.Number && d.roll(2) == 1:
		f.bounds(d, kind)
	}
}

func (f *drawnField) bounds(d *dice, kind string) {
	b := boundSets[d.roll(len(boundSets))]
	low, high := b[0], b[1]
	if kind == "integer" {
		high = float64(int(high))
	}
	f.Min, f.Max = &low, &high
	switch d.roll(4) {
	case 0:
		f.Min = nil
	case 1:
		f.Max = nil
	}
}

// change does one thing, and says what has another name now.
func (r *drawn) change(d *dice) (renames []grow.Rename) {
	if len(r.entities) == 0 || d.roll(9) == 8 {
		r.entities = append(r.entities, drawnEntity{id: r.next(), name: entityNames[d.roll(len(entityNames))], fields: []drawnField{r.field(d)}})
		return nil
	}
	e := &r.entities[d.roll(len(r.entities))]
	f := &e.fields[d.roll(len(e.fields))]
	switch d.roll(12) {
	case 0, 1, 2:
		e.fields = append(e.fields, r.field(d))
	case 3, 4:
		if i := d.roll(len(e.fields)); len(e.fields) > 1 {
			e.fields = slices.Delete(e.fields, i, i+1)
		}
	case 5:
		old := f.Name
		f.Name = fieldNames[d.roll(len(fieldNames))]
		renames = append(renames, grow.Rename{Kind: grow.Field, Of: e.name, Old: old, New: f.Name})
	case 6:
		old := e.name
		e.name = entityNames[d.roll(len(entityNames))]
		renames = append(renames, grow.Rename{Kind: grow.Entity, Old: old, New: e.name})
	case 7:
		f.Required = !f.Required
	case 8:
		f.retype(d, fieldtype.Names()[d.roll(len(fieldtype.Names()))], r)
	case 9:
		f.retype(d, f.Type, r)
	case 10:
		g := &e.fields[d.roll(len(e.fields))]
		f.Name, g.Name = g.Name, f.Name
		renames = append(renames, grow.Rename{Kind: grow.Field, Of: e.name, Old: g.Name, New: f.Name}, grow.Rename{Kind: grow.Field, Of: e.name, Old: f.Name, New: g.Name})
	default:
		i := d.roll(len(r.entities))
		r.entities = slices.Delete(r.entities, i, i+1)
	}
	return slices.DeleteFunc(renames, func(one grow.Rename) bool { return one.Old == one.New })
}

// answer decides what is asked; false when nothing can be decided.
func answer(d *dice, questions []Question, decided *Decisions) bool {
	for _, q := range questions {
		example := ""
		if q.Field != nil && len(q.Field.Examples) > 0 {
			example = q.Field.Examples[d.roll(2)].Form
		}
		switch {
		case q.Code == AskNoValue || q.Code == AskDefault && q.Field.Type == "reference" || q.Code == AskFilled && q.Field.Type == "reference":
			return false
		case q.Code == AskRename:
			decided.New = append(decided.New, q.Key)
		case q.Code == AskKept:
			decided.Drop = append(decided.Drop, q.Key)
		case q.Empty && d.roll(2) == 0:
			decided.Empty = append(decided.Empty, key(q.Entity, q.Field))
		case q.Code == AskValue:
			decided.Replace[q.Key] = q.Options[d.roll(len(q.Options))]
		case q.Field.Type == "file" || q.Field.Type == "reference":
			if !q.Empty {
				return false
			}
			decided.Empty = append(decided.Empty, q.Key)
		default:
			decided.Defaults[q.Key] = example
		}
	}
	return true
}

// sequence changes a register some times, with rows in between, and holds what comes
// of it against a database that never was another.
func sequence(t *testing.T, s *store, data []byte) {
	d := &dice{data}
	now := &drawn{}
	now.change(d)
	c, err := tryComponent(now.answers())
	if err != nil {
		t.Skip(err)
	}
	s.begin(t, c)
	var kept []string
	versions := []version{{c: c}}
	for n := 0; n < 12 && len(d.data) > 0; n++ {
		s.fill(t, c, 2*n)
		s.fill(t, c, 2*n+1)
		after := now.clone()
		renames := after.change(d)
		next, err := tryComponent(after.answers())
		if err != nil {
			continue
		}
		m, ok := decideAll(t, d, c, next, renames, kept)
		if !ok {
			continue
		}
		if m != nil {
			had := s.all(t, now, c)
			if err := s.migrate(t, s.text(m)); err != nil {
				t.Fatalf("%v\n%s", err, s.text(m))
			}
			kept = Since(m.Kept, s.last())
			versions = s.goOn(t, append(versions, version{c: next, migration: s.last()}), m)
			compareRows(t, now, after, had, s.all(t, after, next), s.text(m))
		}
		now, c = after, next
	}
	s.fill(t, c, 100)
	if bridges := readBridges(kept); len(bridges) > 0 {
		m, questions, err := Of(c, c, nil, kept, Decisions{Drop: []string{DropBridges}})
		if err != nil || len(questions) > 0 || m == nil {
			t.Fatal(m, questions, err)
		}
		if err := s.migrate(t, s.text(m)); err != nil {
			t.Fatalf("%v\n%s", err, s.text(m))
		}
		if kept = m.Kept; len(readBridges(kept)) > 0 {
			t.Errorf("left: %q", kept)
		}
		s.fill(t, c, 102)
	}
	fresh := newStore(t, s.d)
	fresh.begin(t, c)
	if got, want := without(s.schema(t), kept), fresh.schema(t); !slices.Equal(got, want) {
		var texts []string
		for _, name := range slices.Sorted(maps.Keys(s.files)) {
			texts = append(texts, string(s.files[name].Data))
		}
		t.Errorf("got\n%s\nwant\n%s\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"), strings.Join(texts, "\n"))
	}
}

func decideAll(t *testing.T, d *dice, before, after *model.Component, renames []grow.Rename, kept []string) (*Migration, bool) {
	t.Helper()
	decided := Decisions{Defaults: map[string]string{}, Replace: map[string]string{}}
	for range 10 {
		m, questions, err := Of(before, after, renames, kept, decided)
		if err != nil {
			t.Fatal(err)
		}
		if len(questions) == 0 {
			return m, true
		}
		if !answer(d, questions, &decided) {
			return nil, false
		}
	}
	t.Fatal("it goes on asking")
	return nil, false
}

// all gives every value, by the numbers of entity and field and the id of the row.
func (s *store) all(t *testing.T, r *drawn, c *model.Component) map[string]string {
	values := map[string]string{}
	for _, e := range r.entities {
		m := findEntity(c, e.name)
		for id, row := range s.rows(t, m.Plural.SQL) {
			values[fmt.Sprint(e.id, " ", id)] = "there"
			for _, f := range e.fields {
				for _, g := range m.Fields {
					if g.Name.Raw == f.Name {
						values[fmt.Sprint(e.id, " ", f.id, " ", id)] = row[g.Name.SQL]
					}
				}
			}
		}
	}
	return values
}

// compareRows: of an entity that is still there all rows are, and every value of a
// field that is what it was.
func compareRows(t *testing.T, before, after *drawn, had, has map[string]string, text string) {
	t.Helper()
	for _, e := range before.entities {
		i := slices.IndexFunc(after.entities, func(o drawnEntity) bool { return o.id == e.id })
		if i < 0 {
			continue
		}
		same := map[string]bool{}
		for _, f := range e.fields {
			for _, g := range after.entities[i].fields {
				if f.id == g.id && f.Type == g.Type && slices.Equal(f.Values, g.Values) && equal(f.Min, g.Min) && equal(f.Max, g.Max) && f.refers == g.refers {
					same[fmt.Sprint(f.id)] = true
				}
			}
		}
		for place, value := range had {
			parts := strings.Fields(place)
			if parts[0] != fmt.Sprint(e.id) || len(parts) == 3 && (!same[parts[1]] || value == "<nil>") {
				continue
			}
			if has[place] != value {
				t.Errorf("%s was %q and is %q\n%s", place, value, has[place], text)
			}
		}
	}
}

func equal(a, b *float64) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// more is how many sequences to try at least: FIELDLAB_SEQUENCES=400 tries more of
// them, all on both databases.
func more() int {
	n, _ := strconv.Atoi(os.Getenv("FIELDLAB_SEQUENCES"))
	return n
}

// seeds are sequences that any test runs.
func seeds() (all [][]byte) {
	state := uint32(1)
	for range max(40, more()) {
		seed := make([]byte, 160)
		for i := range seed {
			state = state*1664525 + 1013904223
			seed[i] = byte(state >> 24)
		}
		all = append(all, seed)
	}
	return all
}

// TestSequences: the sum of the migrations is a fresh schema, on both databases.
func TestSequences(t *testing.T) {
	t.Parallel()
	for i, seed := range seeds() {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			eachStore(t, func(t *testing.T, s *store) {
				if s.d == ddl.Postgres && i >= max(15, more()) {
					return // a schema takes longer to make there
				}
				sequence(t, s, slices.Clone(seed))
			})
		})
	}
}
