package register

import (
	"cmp"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

// lineKey is where a line stands.
type lineKey [2]string

// actions gathers lines about a person, or about a zaak of the person, under what
// somebody did. Other lines only say who did it.
func actions(lines []logboek.Verwerking, names, zaken []string) []inzage.Action {
	byKey := make(map[lineKey]*logboek.Verwerking, len(lines))
	for i := range lines {
		byKey[lineKey{lines[i].TraceID, lines[i].SpanID}] = &lines[i]
	}
	all := []inzage.Action{}
	places := map[lineKey]int{}
	for i := range lines {
		l := &lines[i]
		own := slices.Contains(names, l.DataSubject) || slices.Contains(names, l.Representative)
		if !own && (l.Zaak == "" || !slices.Contains(zaken, l.Zaak)) {
			continue
		}
		head, by := above(l, byKey)
		key := lineKey{head.TraceID, head.SpanID}
		at, known := places[key]
		if !known {
			at = len(all)
			places[key] = at
			all = append(all, inzage.Action{Time: head.Begin, Name: head.Name, Role: by.Role, User: by.User, UserName: by.UserName, Caller: l.Caller,
				Activity: l.Activity, ActivityURI: l.ActivityURI, Details: []inzage.Detail{}})
		}
		a := &all[at]
		a.Delegate = a.Delegate || l.Representative != "" || head.Representative != ""
		a.Zaak, a.Caller = cmp.Or(a.Zaak, l.Zaak), cmp.Or(a.Caller, l.Caller)
		if l != head {
			a.Details = append(a.Details, inzage.Detail{Name: l.Name, Kind: string(l.Kind), Bron: l.Bron, Fields: l.Fields, Resultaat: l.Ending()})
		}
	}
	return all
}

// above is the line at the top of the work that a line belongs to, and who did
// it as far as the lines say.
func above(l *logboek.Verwerking, all map[lineKey]*logboek.Verwerking) (head *logboek.Verwerking, by logboek.Verwerking) {
	head, by = l, *l
	for range len(all) { // a circle ends too
		up := all[lineKey{head.TraceID, head.ParentID}]
		if head.ParentID == "" || up == nil {
			break
		}
		head = up
		by.Role, by.User, by.UserName = cmp.Or(by.Role, up.Role), cmp.Or(by.User, up.User), cmp.Or(by.UserName, up.UserName)
	}
	return head, by
}
