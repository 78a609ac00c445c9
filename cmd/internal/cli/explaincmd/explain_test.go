package explaincmd

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

func TestTopicsAreCompleteInBothLanguages(t *testing.T) {
	for _, l := range text.Languages() {
		entries, err := fs.ReadDir(files, "topics/"+string(l))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if !slices.Contains(order(), strings.TrimSuffix(entry.Name(), ".txt")) {
				t.Errorf("%s/%s is in no list", l, entry.Name())
			}
		}
		all := topics(l)
		if len(all) != len(order()) {
			t.Errorf("%s has %d of %d topics", l, len(all), len(order()))
		}
		leads := map[string]string{}
		for _, topic := range all {
			if topic.Title == "" || topic.Short == "" || len(topic.Text) < 100 {
				t.Errorf("%s %s is not complete", l, topic.Name)
			}
			for _, word := range append([]string{topic.Name}, topic.Also...) {
				if other := leads[word]; other != "" && other != topic.Name {
					t.Errorf("%s: %q leads to %s and %s", l, word, other, topic.Name)
				}
				leads[word] = topic.Name
				if word != strings.ToLower(word) {
					t.Errorf("%s: nobody finds %q", l, word)
				}
			}
			for line := range strings.SplitSeq(topic.Text, "\n") {
				if len([]rune(line)) > 84 {
					t.Errorf("%s %s: a line of %d characters", l, topic.Name, len([]rune(line)))
				}
			}
		}
	}
}

// TestReferencesLeadSomewhere looks at "See also: a, b" and "fieldlab explain a".
func TestReferencesLeadSomewhere(t *testing.T) {
	for _, l := range text.Languages() {
		all := topics(l)
		for _, topic := range all {
			for line := range strings.SplitSeq(topic.Text, "\n") {
				_, see, ok := strings.Cut(line, "Zie ook: ")
				if !ok {
					_, see, ok = strings.Cut(line, "See also: ")
				}
				if !ok {
					continue
				}
				for word := range strings.SplitSeq(see, ", ") {
					if _, ok := find(all, word); !ok {
						t.Errorf("%s %s refers to %q", l, topic.Name, word)
					}
				}
			}
		}
	}
}

// TestTheWordsOfTheDesign: each word that a team meets has a topic.
func TestTheWordsOfTheDesign(t *testing.T) {
	for _, word := range []string{
		"antwoorden", "component", "pack", "laag", "bron", "register", "zaak", "nabootsing", "outway", "fsc", "doelbinding",
		"grondslag", "verwerkingsactiviteit", "bewaartermijn", "oin", "proces", "bpmn", "interactie", "integratie", "diensten", "gegevens", "rol", "taak",
	} {
		for _, l := range text.Languages() {
			if _, ok := find(topics(l), word); !ok {
				t.Errorf("%s explains nothing about %s", l, word)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	d := Deps{IO: &terminal.IO{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}}, Text: text.Load(text.Dutch)}
	for _, c := range []struct {
		args []string
		want Options
	}{
		{nil, Options{}},
		{[]string{"oin"}, Options{Topic: "oin"}},
		{[]string{"laag", "3", "--json"}, Options{Topic: "laag 3", JSON: true}},
	} {
		var got Options
		cmd := New(d, func(o *Options) error { got = *o; return nil })
		cmd.SetArgs(append([]string{}, c.args...))
		if err := cmd.Execute(); err != nil || got != c.want {
			t.Errorf("%v gives %+v, %v", c.args, got, err)
		}
	}
}
