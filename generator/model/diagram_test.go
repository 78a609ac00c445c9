package model

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// A line of the notation is "step kind target" or "step kind outcome>target …".
func process(lines ...string) *Process {
	p := &Process{Name: naming.Names{Path: "proces"}}
	steps := map[string]*Step{}
	for _, l := range lines {
		w := strings.Fields(l)
		s := &Step{Name: naming.Names{Path: w[0], Var: w[0]}, Kind: w[1], Title: "Stap " + w[0]}
		steps[w[0]] = s
		p.Steps = append(p.Steps, s)
	}
	for i, l := range lines {
		for _, w := range strings.Fields(l)[2:] {
			if outcome, target, ok := strings.Cut(w, ">"); ok {
				p.Steps[i].Outcomes = append(p.Steps[i].Outcomes,
					Outcome{Name: naming.Names{Path: outcome, Var: outcome}, Title: "Uitkomst " + outcome, Next: steps[target]})
				continue
			}
			p.Steps[i].Next = steps[w]
		}
	}
	p.Start = p.Steps[0]
	return p
}

var verhuizing = []string{
	"aangifte form adres-controleren",
	"adres-controleren lookup gevonden>beoordelen niet-gevonden>beoordelen",
	"beoordelen decide akkoord>verwerken aanvullen>aanvullen afwijzen>afgewezen",
	"aanvullen form adres-controleren",
	"verwerken task verwerkt",
	"verwerkt end",
	"afgewezen end",
}

func processes() map[string]*Process {
	ten := []string{"kiezen decide"}
	for i := range 10 {
		ten[0] += fmt.Sprintf(" keuze%d>einde%d", i, i)
		ten = append(ten, fmt.Sprintf("einde%d end", i))
	}
	var chain []string
	for i := range 40 {
		chain = append(chain, fmt.Sprintf("stap%d task stap%d", i, i+1))
	}
	all := map[string]*Process{
		"verhuizing": process(verhuizing...),
		"smallest":   process("doen task klaar", "klaar end"),
		"tenEnds":    process(ten...),
		"chain":      process(append(chain, "stap40 end")...),
		"selfLoop":   process("kijken decide nogmaals>kijken klaar>klaar", "klaar end"),
		"joins":      process("a decide x>b y>b z>c", "b task c", "c decide p>d q>a r>b", "d end"),
		"loops": process("a form b", "b lookup gevonden>c niet-gevonden>a", "c decide ja>d nee>a terug>b", "d decide ja>e nee>a",
			"e end"),
		"manyToOne": process("a decide k1>z k2>z k3>z k4>z k5>b", "b task z", "z end"),
		"digits":    process("70-procent decide ja>klaar nee>70-procent", "klaar end"),
		"longWords": process("a task b", "b end"),
	}
	all["longWords"].Steps[0].Title = "Arbeidsongeschiktheidsverzekeringsmaatschappij en nog veel meer woorden achter elkaar die samen lang zijn"
	all["longWords"].Steps[1].Title = "Hottentottententententoonstellingsterrein"
	for seed := range uint64(300) {
		all[fmt.Sprintf("random%d", seed)] = randomProcess(rand.New(rand.NewPCG(seed, 1)))
	}
	return all
}

// randomProcess has forward and backward outcomes in any combination.
func randomProcess(r *rand.Rand) *Process {
	n := 2 + r.IntN(9)
	var lines []string
	for i := range n {
		if r.IntN(3) == 0 {
			lines = append(lines, fmt.Sprintf("s%d task s%d", i, i+1))
			continue
		}
		l := fmt.Sprintf("s%d decide verder>s%d", i, i+1)
		for o := range 1 + r.IntN(4) {
			l += fmt.Sprintf(" o%d>s%d", o, r.IntN(n+1))
		}
		lines = append(lines, l)
	}
	return process(append(lines, fmt.Sprintf("s%d end", n))...)
}

func TestLayoutKeepsShapesAndLabelsApart(t *testing.T) {
	for name, p := range processes() {
		d := layout(p)
		boxes := map[string]Box{}
		for _, n := range d.Nodes {
			boxes[n.ID] = Box{n.X, n.Y, n.W, n.H}
			if n.Label != nil {
				boxes[n.ID+" label"] = *n.Label
			}
		}
		for _, f := range d.Flows {
			if f.Label != nil {
				boxes[f.ID+" label"] = *f.Label
			}
		}
		for a, ba := range boxes {
			if ba.X < 0 || ba.Y < 0 || ba.X+ba.W > d.Width || ba.Y+ba.H > d.Height {
				t.Errorf("%s: %s %v lies outside %dx%d", name, a, ba, d.Width, d.Height)
			}
			for b, bb := range boxes {
				if a < b && overlap(ba, bb) {
					t.Errorf("%s: %s %v and %s %v overlap", name, a, ba, b, bb)
				}
			}
		}
	}
}

func TestLayoutLinesAreSquareAndMissEveryShape(t *testing.T) {
	for name, p := range processes() {
		d := layout(p)
		for _, f := range d.Flows {
			for i := 1; i < len(f.Points); i++ {
				a, b := f.Points[i-1], f.Points[i]
				if (a.X == b.X) == (a.Y == b.Y) && a != b {
					t.Errorf("%s: %s is not square at %v %v", name, f.ID, a, b)
				}
				// One unit thinner: a line may touch the border where it docks.
				line := Box{min(a.X, b.X), min(a.Y, b.Y), max(a.X, b.X) - min(a.X, b.X), max(a.Y, b.Y) - min(a.Y, b.Y)}
				for _, n := range d.Nodes {
					if overlap(line, Box{n.X + 1, n.Y + 1, n.W - 2, n.H - 2}) {
						t.Errorf("%s: %s runs through %s", name, f.ID, n.ID)
					}
					if n.Label != nil && overlap(line, *n.Label) {
						t.Errorf("%s: %s runs through the label of %s", name, f.ID, n.ID)
					}
				}
				for _, o := range d.Flows {
					if o.Label != nil && overlap(line, *o.Label) {
						t.Errorf("%s: %s runs through the label of %s", name, f.ID, o.ID)
					}
				}
			}
		}
	}
}

// overlap counts a line, a box without width or height, as well.
func overlap(a, b Box) bool {
	return a.X < b.X+b.W && b.X < a.X+max(a.W, 1) && a.Y < b.Y+b.H && b.Y < a.Y+max(a.H, 1)
}

func TestLayoutGateways(t *testing.T) {
	for name, p := range processes() {
		d := layout(p)
		for _, n := range d.Nodes {
			switch {
			case n.Kind == "merge" && (len(n.In) < 2 || len(n.Out) != 1),
				n.Kind == "split" && (len(n.In) != 1 || len(n.Out) < 2 || n.Default == ""),
				(n.Kind == "user" || n.Kind == "service") && (len(n.In) > 1 || len(n.Out) != 1),
				n.Kind == "start" && (len(n.In) > 0 || len(n.Out) != 1),
				n.Kind == "end" && (len(n.In) > 1 || len(n.Out) > 0):
				t.Errorf("%s: %s %s has in %v and out %v", name, n.Kind, n.ID, n.In, n.Out)
			}
		}
	}
}

func TestLayoutOfTheMove(t *testing.T) {
	d := layout(process(verhuizing...))
	var ids []string
	for _, n := range d.Nodes {
		ids = append(ids, n.ID)
	}
	want := "Start aangifte adres-controleren.samen adres-controleren beoordelen beoordelen.keuze aanvullen verwerken verwerkt afgewezen"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("nodes are\n%s, want\n%s", got, want)
	}
}

func TestLayoutIsTheSameEveryTime(t *testing.T) {
	for name := range processes() {
		if !reflect.DeepEqual(layout(processes()[name]), layout(processes()[name])) {
			t.Errorf("%s differs between two runs", name)
		}
		if strings.HasPrefix(name, "random1") {
			break
		}
	}
}
