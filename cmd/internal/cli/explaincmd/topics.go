package explaincmd

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

//go:embed topics
var files embed.FS

// topic is one word with its explanation.
type topic struct {
	Name  string   `json:"name"`
	Title string   `json:"title"`
	Short string   `json:"short"`
	Also  []string `json:"also,omitempty"` // other words that lead here
	Text  string   `json:"text,omitempty"`
}

// order is the order of the list: the layers from top to bottom, then the
// words in the order in which a team meets them.
func order() []string {
	return []string{
		"lagen", "interactie", "proces", "integratie", "diensten", "gegevens",
		"fieldlab", "antwoorden", "component", "groeien", "overzetten", "pack", "register", "bron", "catalogus", "zaak", "taak", "rol", "bpmn",
		"nabootsing", "outway", "inway", "fsc", "oin",
		"doelbinding", "grondslag", "verwerkingsactiviteit", "dataminimalisatie", "bewaartermijn",
	}
}

// topics reads all topics in a language.
func topics(language text.Language) []topic {
	var all []topic
	for _, name := range order() {
		body, err := fs.ReadFile(files, "topics/"+string(language)+"/"+name+".txt")
		if err == nil {
			all = append(all, parse(name, string(body)))
		}
	}
	return all
}

// Pages gives every topic to others: its name, its title, and its text as Markdown
// that begins with the topic in one sentence; what is indented stays as it is.
func Pages(language text.Language) (pages [][3]string) {
	for _, t := range topics(language) {
		pages = append(pages, [3]string{t.Name, capital(t.Title), capital(t.Short) + ".\n\n" + strings.ReplaceAll(t.Text, "\n  ", "\n    ")})
	}
	return pages
}

// parse reads a topic file: three header lines, an empty line, the text.
func parse(name, file string) topic {
	header, body, _ := strings.Cut(file, "\n\n")
	t := topic{Name: name, Text: strings.TrimSpace(body)}
	for line := range strings.SplitSeq(header, "\n") {
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "title":
			t.Title = value
		case "short":
			t.Short = value
		case "also":
			for word := range strings.SplitSeq(value, ",") {
				if word = strings.TrimSpace(word); word != "" {
					t.Also = append(t.Also, word)
				}
			}
		}
	}
	return t
}

// find looks a word up by name or by one of its other words.
func find(all []topic, word string) (topic, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	for _, t := range all {
		if t.Name == word {
			return t, true
		}
	}
	for _, t := range all {
		for _, also := range t.Also {
			if also == word {
				return t, true
			}
		}
	}
	return topic{}, false
}

// words lists everything that find knows.
func words(all []topic) []string {
	var known []string
	for _, t := range all {
		known = append(known, t.Name)
		known = append(known, t.Also...)
	}
	return known
}
