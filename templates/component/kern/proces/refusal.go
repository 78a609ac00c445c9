package proces

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// Refusal says why the process cannot run with the zaken that there are, and what
// people can do about it. Nothing was changed.
type Refusal struct {
	process  *Process
	stranded map[string]*stranded
	stuck    []stuck
	unknown  []outway.OpenAt
	renamed  []outway.OtherType
	later    []outway.OpenAt // at a step of a later process: no reason to refuse, and not ours to do
}

// stranded are the zaken at a step that is neither in the process nor in
// TransitionsFile.
type stranded struct {
	step  string
	node  *bpmn.Node // as it was; nil when nobody knows
	count int
}

// stuck are zaken that cannot stay on an earlier process.
type stuck struct {
	at      outway.OpenAt
	version int
	missing []string
}

func (r *Refusal) strand(n *bpmn.Node, at outway.OpenAt) {
	s := r.stranded[at.Step]
	if s == nil {
		s = &stranded{step: at.Step}
		r.stranded[at.Step] = s
	}
	if s.node == nil {
		s.node = n
	}
	s.count += at.Count
}

func (r *Refusal) cannot(at outway.OpenAt, version int, missing []string) {
	r.stuck = append(r.stuck, stuck{at, version, missing})
}

func (r *Refusal) empty() bool {
	return len(r.stranded)+len(r.stuck)+len(r.unknown)+len(r.renamed) == 0
}

// gone are the steps with zaken that cannot go on.
func (r *Refusal) gone() map[string]outway.OpenAt {
	all := map[string]outway.OpenAt{}
	add := func(step string, count int) {
		all[step] = outway.OpenAt{Step: step, Count: all[step].Count + count}
	}
	for step, s := range r.stranded {
		add(step, s.count)
	}
	for _, s := range r.stuck {
		add(s.at.Step, s.at.Count)
	}
	for _, at := range slices.Concat(r.unknown, r.later) {
		add(at.Step, at.Count)
	}
	return all
}

// Error implements error: all of it, with what to write where.
func (r *Refusal) Error() string {
	var b strings.Builder
	r.sayRenamed(&b)
	r.sayStranded(&b)
	for _, at := range r.unknown {
		fmt.Fprintf(&b, "%s: %s, bij %s; op het oude proces blijven kan niet, want het register heeft geen versie met die stap. Kies een stap die er is: %s.\n\n",
			r.where(at.Step), zaken(at.Count), at.Step, strings.Join(r.process.checker.targets(), ", "))
	}
	for _, s := range r.stuck {
		fmt.Fprintf(&b, "%s: %s, bij %s; op versie %d van het proces blijven kan nu niet:\n", r.where(s.at.Step), zaken(s.at.Count), s.at.Step, s.version)
		for _, text := range s.missing {
			fmt.Fprintf(&b, "  - %s\n", text)
		}
		fmt.Fprintf(&b, "Zet terug wat ontbreekt, of kies een stap die er is: %s.\n\n", strings.Join(r.process.checker.targets(), ", "))
	}
	b.WriteString("Er is niets veranderd.")
	if r.process.Development {
		b.WriteString(" Zijn het proefzaken, dan kunt u ook met de begingegevens opnieuw beginnen: go run . reset")
	}
	return b.String()
}

// where is the line of TransitionsFile about a step.
func (r *Refusal) where(step string) string {
	if t, said := r.process.moves[step]; said {
		return fmt.Sprintf("%s regel %d", TransitionsFile, t.Line)
	}
	return TransitionsFile
}

func zaken(n int) string {
	if n == 1 {
		return "1 lopende zaak"
	}
	return fmt.Sprintf("%d lopende zaken", n)
}

func (r *Refusal) sayRenamed(b *strings.Builder) {
	for _, o := range r.renamed {
		count := fmt.Sprintf("%d zaken", o.Count)
		if o.Count == 1 {
			count = "1 zaak"
		}
		fmt.Fprintf(b, "4-proces/proces.bpmn regel %[1]d: het proces heet nu %[2]s, en het register heeft %[3]s van %[4]s. Die zou niemand meer zien. Zet het id van het proces terug op Proces_%[4]s, en process.name in fieldlab.yaml op %[4]s.\n\n",
			r.process.model.Line, r.process.model.Name, count, o.Zaaktype)
	}
}

func (r *Refusal) sayStranded(b *strings.Builder) {
	if len(r.stranded) == 0 {
		return
	}
	total := 0
	var steps []*stranded
	for _, s := range r.stranded {
		total += s.count
		steps = append(steps, s)
	}
	slices.SortFunc(steps, func(a, b *stranded) int { return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.step, b.step)) })
	fmt.Fprintf(b, "4-proces/proces.bpmn: het register heeft %s bij een stap die niet meer in het proces staat:\n\n", zaken(total))
	for _, s := range steps {
		fmt.Fprintf(b, "  %s (%s): %s\n", s.step, r.title(s), zaken(s.count))
	}
	verb := "Maak het bestand"
	if len(r.process.Transitions) > 0 {
		verb = "Vul het bestand aan"
	}
	fmt.Fprintf(b, "\n%s %s, met voor elke stap waar de zaken verder gaan. Dit is een voorstel; kijk of het klopt:\n\n", verb, TransitionsFile)
	for _, s := range steps {
		fmt.Fprintf(b, "%s\n", transitionLine(s.step, r.suggestion(s)))
	}
	fmt.Fprintf(b, "\nAchter de dubbele punt kan staan: %s, of %s (dan blijven zij op het oude proces, zolang de code daarvan er is). Of zet de stap terug in 4-proces/proces.bpmn.\n\n",
		strings.Join(r.process.checker.targets(), ", "), stays)
}

func (r *Refusal) title(s *stranded) string {
	if s.node == nil {
		return "titel niet bekend: van voor er processen werden bewaard"
	}
	return "“" + s.node.Title + "”"
}

// suggestion is the step that is most like one that is gone: of the same title, or
// of the same kind and role; a step that came in its place before one that was
// there as well.
func (r *Refusal) suggestion(s *stranded) string {
	targets := r.process.checker.targets()
	if len(targets) == 0 {
		return stays
	}
	best, most := targets[0], -1
	for _, name := range targets {
		score := 0
		if n := r.process.model.Step(name); s.node != nil {
			score += 4 * truth(strings.EqualFold(n.Title, s.node.Title))
			score += 2 * truth(n.StepKind == s.node.StepKind && n.Role == s.node.Role)
			score += truth(n.StepKind == s.node.StepKind)
		}
		if score > most {
			best, most = name, score
		}
	}
	return best
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// transitionLine is a line of TransitionsFile, with names quoted where YAML wants
// that.
func transitionLine(from, to string) string {
	raw, err := yaml.Marshal(map[string]string{from: to})
	if err != nil {
		return from + ": " + to
	}
	return strings.TrimSpace(string(raw))
}
