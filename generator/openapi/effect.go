package openapi

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Effect is what asking does at the source.
type Effect int

// The effects. Unclear is: nobody says that it changes nothing.
const (
	Reads Effect = iota
	Unclear
	Creates
)

// Words in the name, the path and the summary of an operation.
var (
	creating = words(`create creates creating add adds insert upsert save store update modify delete remove register send sends submit publish notify
		maak aanmaken maakt toevoegen voeg voegtoe opslaan registreer registreren registreert verstuur versturen verzend verzenden publiceer publiceren indienen dienin melden meld
		wijzig wijzigen verwijder verwijderen bijwerken aanvragen bestel bestellen betaal betalen`)
	searching = words(`search searches query queries find finds list lists filter lookup read retrieve fetch get
		zoek zoeken zoekt opzoeken raadpleeg raadplegen bevraag bevragen bevragingen vraagop opvragen haalop ophalen controleer valideer bereken`)
)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// Effect judges by the specification whether an operation only reads. A GET does.
// The constants choose the kind of a question, which may say what it is.
func (o *Operation) Effect(constants map[string]string) Effect {
	if o.Method == "GET" {
		return Reads
	}
	texts := []string{o.ID, o.Path, o.Title}
	for _, value := range constants {
		texts = append(texts, value)
	}
	body := get(jsonContent(o.w.follow(get(o.node, "requestBody"))), "schema")
	texts = append(texts, lastPart(text(get(body, "$ref"))))
	creates, searches := 0, 0
	for i, given := range texts {
		for _, word := range split(given) {
			if creating[word] && i < 3 {
				creates++
			}
			if searching[word] {
				searches++
			}
		}
	}
	answers, plain, made := o.statuses()
	switch {
	case made && !plain, creates > 0 && searches == 0, searches == 0 && (made || o.returns(body)):
		return Creates
	case answers && searches > 0 && creates == 0 && !made:
		return Reads
	}
	return Unclear
}

// split gives the words of a name, a path or a text, in lower case.
func split(given string) []string {
	var b strings.Builder
	before := ' '
	for _, r := range given {
		switch {
		case r >= 'A' && r <= 'Z':
			if before >= 'a' && before <= 'z' {
				b.WriteByte(' ')
			}
			b.WriteRune(r + 'a' - 'A')
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
		before = r
	}
	return strings.Fields(b.String())
}

// statuses says whether the operation answers 200, and with JSON, and whether it
// says that something was made: 201, 202, 204 or where that is now.
func (o *Operation) statuses() (answers, plain, made bool) {
	each(get(o.node, "responses"), func(code string, value *yaml.Node) {
		if len(code) == 3 && code[0] != '2' || !o.w.spend(1) {
			return
		}
		response := o.w.follow(value)
		switch strings.ToUpper(code) {
		case "200", "2XX":
			plain, answers = true, answers || jsonContent(response) != nil
		case "201", "202", "204":
			made = true
		default:
			plain = true // nobody says which
		}
		each(get(response, "headers"), func(name string, _ *yaml.Node) { made = made || strings.EqualFold(name, "Location") })
	})
	return answers, plain, made
}

// returns says whether the answer is what was sent: then that was made.
func (o *Operation) returns(body *yaml.Node) bool {
	_, response := o.success()
	answer := get(jsonContent(response), "schema")
	given, back := o.w.follow(body), o.w.follow(answer)
	return given != nil && given == back && len(o.w.familyOf(given).names) > 0
}

// Instead is the operation that reads what this one makes: that with the same
// path, or the first that begins with it and takes a body or lists; nil when
// there is none.
func (o *Operation) Instead() *Operation {
	var near *Operation
	for _, other := range o.w.d.operations {
		if other == o || other.Method != "GET" && other.Method != "POST" || other.Effect(nil) != Reads {
			continue
		}
		switch {
		case other.Path == o.Path:
			return other
		case near == nil && strings.HasPrefix(other.Path, strings.TrimSuffix(o.Path, "/")+"/"):
			near = other
		}
	}
	return near
}

// Person says whether a name is that of a number of a person, also as the end of
// a longer one such as rol__betrokkeneIdentificatie__natuurlijkPersoon__inpBsn.
func Person(name string) bool {
	low := strings.TrimSuffix(bare(name), "s")
	return low == "anummer" || slices.ContainsFunc([]string{"burgerservicenummer", "bsn", "bsnnummer", "sofinummer", "inpanummer", "persoonanummer"}, func(end string) bool {
		return strings.HasSuffix(low, end)
	})
}

// ByBody is an operation that reads and takes a number of a person in its body,
// where no log of addresses sees it; nil when the API has none.
func (o *Operation) ByBody() *Operation {
	for _, other := range o.w.d.operations {
		if other == o || other.Method != "POST" || other.Effect(nil) == Creates {
			continue
		}
		body := get(jsonContent(o.w.follow(get(other.node, "requestBody"))), "schema")
		if body != nil && slices.ContainsFunc(o.w.familyOf(body).names, Person) {
			return other
		}
	}
	return nil
}

// DottedFields says whether the specification itself shows that a parameter,
// with which a source returns only what is asked, takes whole paths with dots: by
// its pattern, an example or what it says. The places are those of the answer.
func (o *Operation) DottedFields(parameter string, full *Shape) bool {
	schema := o.schemas[parameter]
	if schema == nil {
		return false
	}
	nodes := slices.Clone(o.w.familyOf(schema).nodes)
	nodes = append(nodes, o.w.familyOf(o.w.familyOf(schema).items...).nodes...)
	for _, given := range []*yaml.Node{get(o.node, "parameters"), get(o.item, "parameters")} {
		for _, node := range items(given) {
			if node = o.w.follow(node); text(get(node, "name")) == parameter {
				nodes = append(nodes, node)
			}
		}
	}
	dotted := false
	for _, n := range nodes {
		pattern := text(get(n, "pattern"))
		dotted = dotted || strings.Contains(pattern, `\.`) || strings.Contains(pattern, "a-z") && strings.Contains(pattern, ".")
		var told []string
		for _, word := range []string{"description", "example", "default"} {
			told = append(told, text(get(n, word)))
			for _, item := range items(get(n, word)) {
				told = append(told, text(item))
			}
		}
		for i, word := range strings.FieldsFunc(strings.Join(told, " "), func(r rune) bool { return strings.ContainsRune(" ,;:'\"`()[]<>\n*", r) }) {
			if i > 500 {
				break
			}
			if word = strings.TrimSuffix(word, "."); strings.Contains(word, "__") {
				return false
			} else if place := full.Place("", word); strings.Contains(word, ".") && place.Path != "" && !place.Unchecked {
				dotted = true
			}
		}
	}
	return dotted
}
