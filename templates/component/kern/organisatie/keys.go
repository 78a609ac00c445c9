package organisatie

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// How long texts may be.
const (
	shortText = 200
	longText  = 4000
)

// organisation goes through the whole file.
func (r *reader) organisation(top *yaml.Node) {
	o := &r.made
	found := r.object(top, "",
		key{"naam", r.text(&o.Name, line(shortText))},
		key{"oin", r.text(&o.OIN, oin)},
		key{"website", r.text(&o.Website, webAddress)},
		key{"contact", r.contact},
		key{"kleur", r.text(&o.Colour, colour)},
		key{"logo", r.logo},
		key{"adressen", r.addresses},
		key{"beveiliging", r.security},
		key{"rechtsmiddelen", r.remedies},
		key{"teksten", r.texts},
		key{"activiteiten", r.activities},
	)
	o.Colour = strings.ToLower(o.Colour)
	r.whole(top, found)
}

// whole asks of another organisation than the one for which the component was made
// that it says who it is: what it leaves out would be that of the first.
func (r *reader) whole(top *yaml.Node, found map[string]*yaml.Node) {
	o, known := &r.made, r.known
	o.Another = o.Name != "" && o.Name != known.Name || o.OIN != "" && known.OIN != "" && o.OIN != known.OIN
	if !o.Another {
		return
	}
	need := func(key, why string) {
		if found[key] == nil {
			r.fault(top, key, "ontbreekt: %s", why)
		}
	}
	need("naam", "dit OIN is van een andere organisatie dan "+known.Name)
	need("oin", "een andere organisatie dan "+known.Name+" heeft een ander OIN")
	need("contact", "anders stond het contact van "+known.Name+" onder elke pagina")
	if o.Name != "" && o.Name != known.Name && o.OIN != "" && o.OIN == known.OIN {
		r.fault(found["oin"], "oin", "dit is het OIN van %s; neem dat van %s", known.Name, o.Name)
	}
	if o.Name == known.Name && found["oin"] != nil {
		r.fault(found["naam"], "naam", "dit is de naam die bij een ander OIN hoort; laat oin weg, of neem de naam die erbij hoort")
	}
}

func (r *reader) contact(n *yaml.Node, path string) {
	c := &r.made.Contact
	found := r.object(n, path,
		key{"naam", r.text(&c.Name, line(shortText))},
		key{"email", r.text(&c.Email, email)},
		key{"url", r.text(&c.URL, webAddress)},
	)
	if n.Kind == yaml.MappingNode && found["naam"] == nil {
		r.fault(n, path+".naam", "ontbreekt: noem het team dat vragen beantwoordt")
	}
	if n.Kind == yaml.MappingNode && found["email"] == nil && found["url"] == nil {
		r.fault(n, path, "noem een email of een url; anders kan niemand het team bereiken")
	}
}

func (r *reader) addresses(n *yaml.Node, path string) {
	a := &r.made.Addresses
	r.object(n, path,
		key{"site", r.text(&a.Site, webAddress, atRoot)},
		key{"diensten", r.text(&a.Services, webAddress, endsOn(r.known.ServicesBase))},
		key{"proces", r.text(&a.Process, webAddress, endsOn(r.known.ProcessBase))},
	)
	a.Site = strings.TrimSuffix(a.Site, "/")
}

func (r *reader) security(n *yaml.Node, path string) {
	s := &r.made.Security
	r.object(n, path,
		key{"melden", r.text(&s.Report, reachable)},
		key{"beleid", r.text(&s.Policy, webAddress)},
	)
}

func (r *reader) texts(n *yaml.Node, path string) {
	t := &r.made.Texts
	t.Steps, t.Fields, t.Pages = map[string]Text{}, map[string]Text{}, map[string]string{}
	r.object(n, path,
		key{"titel", r.text(&t.Title, line(shortText))},
		key{"samenvatting", r.text(&t.Summary, line(longText))},
		key{"proces", r.text(&t.Process, line(shortText))},
		key{"stappen", r.both(t.Steps, r.known.Steps, "stap")},
		key{"velden", r.both(t.Fields, r.known.Fields, "vraag")},
		key{"paginas", func(n *yaml.Node, path string) {
			r.named(n, path, Pages, "pagina", func(name string, n *yaml.Node, path string) {
				var text string
				r.text(&text, lines(longText))(n, path)
				t.Pages[name] = text
			})
		}},
	)
}

// both takes a title and an explanation per name.
func (r *reader) both(to map[string]Text, names []string, what string) func(*yaml.Node, string) {
	return func(n *yaml.Node, path string) {
		r.named(n, path, names, what, func(name string, n *yaml.Node, path string) {
			var t Text
			r.object(n, path, key{"titel", r.text(&t.Title, line(shortText))}, key{"uitleg", r.text(&t.Help, line(longText))})
			to[name] = t
		})
	}
}

func (r *reader) activities(n *yaml.Node, path string) {
	r.made.Activities = map[string]Activity{}
	r.named(n, path, r.known.Activities, "verwerkingsactiviteit", func(name string, n *yaml.Node, path string) {
		var a Activity
		if n.Kind == yaml.MappingNode {
			r.object(n, path, key{"kenmerk", r.text(&a.URI, anyURI)}, key{"toelichting", r.text(&a.Explanation, line(longText))})
		} else {
			r.text(&a.URI, anyURI)(n, path)
		}
		r.made.Activities[name] = a
	})
}
