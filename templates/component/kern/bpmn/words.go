package bpmn

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Words tells the process in plain Dutch, one sentence or two per step, for
// who cannot or will not read the drawing.
func Words(p *Process) []string {
	words := []string{"Het proces begint met: " + p.First().Title + "."}
	for _, n := range p.Steps() {
		words = append(words, n.Title+": "+doing(n)+"."+following(n))
	}
	return words
}

func doing(n *Node) string {
	who := n.RoleTitle
	if who == "" {
		who = n.Role
	}
	var what string
	switch n.StepKind {
	case "form":
		what = who + " vult een formulier in"
	case "decide":
		what = who + " maakt een keuze"
	case "task":
		what = who + " voert dit uit"
	case "lookup":
		return "het component bevraagt de bron"
	default:
		return "de zaak is klaar, met als resultaat " + n.Result
	}
	if term, err := value.ParseTerm(n.Term); err == nil {
		what += ", binnen " + term.String()
	}
	return what
}

// following groups the outcomes that lead to the same step.
func following(n *Node) string {
	nexts := n.Nexts()
	if len(nexts) == 0 {
		return ""
	}
	if len(nexts) == 1 {
		return " Daarna: " + nexts[0].Title + "."
	}
	var b strings.Builder
	for _, next := range nexts {
		var titles []string
		for _, o := range n.Outcomes {
			if n.Next(o.Name) == next {
				titles = append(titles, o.Title)
			}
		}
		b.WriteString(" Bij “" + strings.Join(titles, "” of “") + "” volgt: " + next.Title + ".")
	}
	return b.String()
}
