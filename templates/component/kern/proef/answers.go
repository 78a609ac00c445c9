package proef

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

// Reply is what a source answers to one kind of question.
type Reply struct {
	Service   string // FSC service
	Method    string
	Path      string   // with {naam} for what varies
	Operation string   // as the answers file of the stand-in names it
	Answers   string   // that file, from the root of the component
	Stored    []string // fields that the component stores after all
	Found     bool
}

// readReply finds an operation in the answers file of a service.
func readReply(files fs.FS, service, operation string) (Reply, error) {
	found, err := findAnswers(files, service)
	if err != nil {
		return Reply{}, err
	}
	var known []string
	for _, file := range found {
		for _, op := range file.Operations {
			if op.Name == operation {
				return Reply{Service: file.Service, Method: op.Method, Path: op.Path, Operation: operation, Answers: file.name}, nil
			}
			known = append(known, op.Name)
		}
	}
	return Reply{}, fmt.Errorf("%s kent die vraag niet, wel %s", found[0].name, strings.Join(known, ", "))
}

// answersFile is as much of an answers file as the tests need.
type answersFile struct {
	name          string // from the root of the component
	Service       string `json:"dienst"`
	Specification string `json:"specificatie"`
	Operations    []struct {
		Name      string      `json:"naam"`
		Method    string      `json:"methode"`
		Path      string      `json:"pad"`
		Answers   []oneAnswer `json:"antwoorden"`
		Otherwise *oneAnswer  `json:"anders"`
	} `json:"operaties"`
}

type oneAnswer struct {
	Status int             `json:"status"`
	Answer json.RawMessage `json:"antwoord"`
	File   string          `json:"bestand"`
}

func (a oneAnswer) content() ([]byte, error) {
	if a.File != "" {
		return os.ReadFile(root + "/" + a.File)
	}
	return a.Answer, nil
}

// findAnswers finds the answers files of a service, of each source that asks it: their
// name is not that of the source where the language or a system keeps that name for
// itself.
func findAnswers(files fs.FS, service string) (all []answersFile, err error) {
	found, err := bron.Find(files)
	if err != nil {
		return nil, err
	}
	for _, one := range found {
		file, err := readAnswers(files, one.Answers)
		if err != nil {
			return nil, err
		}
		if file.Service == service {
			all = append(all, file)
		}
	}
	if len(all) > 0 {
		return all, nil
	}
	return nil, fmt.Errorf("geen antwoordenbestand in 3-integratie is van dienst %s", service)
}

func readAnswers(files fs.FS, name string) (file answersFile, err error) {
	file.name = name
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return file, err
	}
	if err := json.Unmarshal(raw, &file); err != nil {
		return file, fmt.Errorf("%s: %w", name, err)
	}
	return file, nil
}

// Answer is the first answer in the answers file that says that something is
// found.
func (reply Reply) Answer() ([]byte, error) {
	file, err := readAnswers(os.DirFS(root), reply.Answers)
	if err != nil {
		return nil, err
	}
	for _, op := range file.Operations {
		for _, a := range op.Answers {
			if op.Name == reply.Operation && (a.Status == 0 || a.Status == http.StatusOK) {
				return a.content()
			}
		}
	}
	return nil, fmt.Errorf("%s heeft geen antwoord van %s met status 200", reply.Answers, reply.Operation)
}

// nothing is what the source says when it finds nothing: as its stand-in does, with
// an empty list or, when the body is nil, with 404.
func (reply Reply) nothing() ([]byte, error) {
	file, err := readAnswers(os.DirFS(root), reply.Answers)
	if err != nil {
		return nil, err
	}
	for _, op := range file.Operations {
		o := op.Otherwise
		if op.Name != reply.Operation || o == nil || !bron.FindsNothing(cmp.Or(o.Status, http.StatusOK)) {
			continue
		}
		if o.Status != 0 && o.Status != http.StatusOK {
			return nil, nil //nolint:nilnil // it says 404
		}
		return o.content()
	}
	raw, err := reply.Answer()
	if err != nil {
		return nil, err
	}
	v, err := decoded(raw)
	if err != nil {
		return nil, err
	}
	empty, has := bron.Nothing(reply.Path, v)
	if !has {
		return nil, nil //nolint:nilnil // it says 404
	}
	return json.Marshal(empty)
}

// body is what the source says to a question; nil for 404. What the question names
// is in it, for an answer about another is none.
func (reply Reply) body(q asked) ([]byte, error) {
	if !reply.Found {
		return reply.nothing()
	}
	raw, err := reply.Answer()
	if err != nil {
		return nil, err
	}
	body, _, err := q.put(reply.Path, raw)
	return body, err
}

// to says whether this is the answer to a request.
func (reply Reply) to(service string, r *http.Request) bool {
	if reply.Service != service || reply.Method != r.Method {
		return false
	}
	want, got := strings.Split(reply.Path, "/"), strings.Split(r.URL.EscapedPath(), "/")
	return slices.EqualFunc(want, got, func(w, g string) bool { return w == g || strings.HasPrefix(w, "{") })
}
