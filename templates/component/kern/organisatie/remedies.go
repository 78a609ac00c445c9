package organisatie

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// Remedies is what somebody can do who does not agree with a decision. It stands
// under a zaak that ended with one of the results. Which results are decisions,
// and which remedy there is, a jurist of the organisation says.
type Remedies struct {
	Results []string
	Appeal  bool   // beroep; otherwise bezwaar
	With    string // who takes it
	Term    string // in words
	Post    string // address on paper
	URL     string // and on the web
	Own     string // a text of the organisation instead of ours
	Agreed  string // who confirmed it, and when; "" when nobody did
}

// usualTerm is what the Awb has (6:7), for a jurist to confirm.
const usualTerm = "P6W"

func (r *reader) remedies(n *yaml.Node, path string) {
	m := &Remedies{}
	var kind, term string
	found := r.object(n, path,
		key{"resultaten", r.list(&m.Results, r.result)},
		key{"soort", r.text(&kind, oneOf("bezwaar", "beroep"))},
		key{"bij", r.text(&m.With, line(shortText))},
		key{"termijn", r.text(&term, termOf(&m.Term))},
		key{"post", r.text(&m.Post, line(shortText))},
		key{"url", r.text(&m.URL, webAddress)},
		key{"tekst", r.text(&m.Own, lines(longText))},
		key{"akkoord", r.text(&m.Agreed, line(shortText))},
	)
	if n.Kind != yaml.MappingNode {
		return
	}
	need := func(name, why string) {
		if found[name] == nil {
			r.fault(n, path+"."+name, "ontbreekt: %s", why)
		}
	}
	need("resultaten", "noem de resultaten waarbij er een besluit is waartegen iemand op kan komen"+instead("", r.known.Results))
	if found["tekst"] != nil {
		for _, other := range []string{"soort", "bij", "termijn", "post", "url"} {
			if found[other] != nil {
				r.fault(found[other], path+"."+other, "staat al in tekst; laat een van beide weg")
			}
		}
	} else {
		need("soort", "kies bezwaar of beroep")
		need("bij", "zeg wie het bezwaar of beroep behandelt, zoals het college van burgemeester en wethouders van …")
		if found["post"] == nil && found["url"] == nil {
			r.fault(n, path, "noem een adres: post, url of allebei; anders kan niemand het sturen")
		}
	}
	if m.Term == "" {
		_ = termOf(&m.Term)(usualTerm)
	}
	m.Appeal = kind == "beroep"
	r.made.Remedies = m
}

// result accepts one with which a zaak can end.
func (r *reader) result(s string) error {
	if !slices.Contains(r.known.Results, s) {
		return fmt.Errorf("met dit resultaat eindigt geen zaak%s", instead(s, r.known.Results))
	}
	return nil
}

func oneOf(choices ...string) func(string) error {
	return func(s string) error {
		if !slices.Contains(choices, s) {
			return errors.New("kies " + strings.Join(choices, " of "))
		}
		return nil
	}
}

// termOf accepts a term in days or more, and keeps it in words.
func termOf(words *string) func(string) error {
	return func(s string) error {
		term, err := value.ParseTerm(s)
		if err != nil || strings.Contains(s, "T") || term == (value.Term{}) || len(s) > 12 {
			return errors.New("schrijf de termijn als P6W (zes weken)")
		}
		*words = term.String()
		return nil
	}
}

// Under is the remedy that stands under a result; nil when none does.
func (m *Remedies) Under(result string) *Remedies {
	if m == nil || result == "" || !slices.Contains(m.Results, result) {
		return nil
	}
	return m
}
