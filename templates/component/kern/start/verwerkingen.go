package start

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/inzage"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/paginas"
)

// processing is what the register of processing activities (AVG article 30) says of
// this component: what the rooms say of each activity, and that of inzage, which
// every component has.
func (p *Parts) processing() []paginas.Processing {
	var all []paginas.Processing
	for _, a := range slices.Concat(p.Course.Activities, []logboek.Activity{inzage.Activity}) {
		if a.URI == logboek.NotYetRecorded.URI || slices.ContainsFunc(all, func(known paginas.Processing) bool { return known.URI == a.URI }) {
			continue
		}
		one := paginas.Processing{Activity: a, Kept: a.URI == p.Course.Activity.URI}
		for _, b := range p.Sources {
			if b.Activity.URI != a.URI {
				continue
			}
			source := paginas.ProcessingSource{Title: b.Title}
			for _, f := range b.Fields {
				source.Fields = append(source.Fields, f.Title)
			}
			one.Sources = append(one.Sources, source)
		}
		all = append(all, one)
	}
	return all
}
