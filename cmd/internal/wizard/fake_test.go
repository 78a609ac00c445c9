package wizard

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// turn is one question that must come, and what the person does. The question
// is the id of a step, or a key of the catalogue when it holds "wizard.".
// The answer is a string (Input, or part of an option), a bool (Confirm), a
// []string (parts of options), a signal, or enter.
type turn struct {
	ask    string
	answer any
}

// enter takes the proposal.
type enterKey struct{}

var enter = enterKey{}

// fake is a Prompter that follows a script. A question that the script does
// not have next fails the test, and so does a turn that nobody asked.
type fake struct {
	t     *testing.T
	text  *text.Catalogue
	turns []turn
	at    int
	asked []string // every question
	said  []string
}

func newFake(t *testing.T, turns ...turn) *fake {
	t.Helper()
	f := &fake{t: t, text: text.Load(text.Dutch), turns: turns}
	t.Cleanup(func() {
		if !t.Failed() && f.at < len(f.turns) {
			t.Errorf("nobody asked %q (turn %d of %d)", f.turns[f.at].ask, f.at+1, len(f.turns))
		}
	})
	return f
}

func (f *fake) next(q Question) any {
	f.t.Helper()
	if strings.Contains(q.Ask+q.Help, "[wizard.") {
		f.t.Fatalf("a text is missing: %q / %q", q.Ask, q.Help)
	}
	f.asked = append(f.asked, q.Ask)
	if f.at >= len(f.turns) {
		f.t.Fatalf("unexpected question after the last turn: %q", q.Ask)
	}
	turn := f.turns[f.at]
	f.at++
	key := turn.ask
	if !strings.Contains(key, "wizard.") {
		key = "wizard.q." + key + ".ask"
	}
	want, _, _ := strings.Cut(f.text.T(key), "%")
	if !strings.HasPrefix(q.Ask, want) {
		f.t.Fatalf("turn %d: asked %q, expected %s: %q", f.at, q.Ask, turn.ask, want)
	}
	return turn.answer
}

func (f *fake) Input(q Question) (string, error) {
	f.t.Helper()
	switch answer := f.next(q).(type) {
	case enterKey:
		return q.Default, nil
	case string:
		return answer, nil
	case signal:
		return "", answer
	default:
		f.t.Fatalf("%q wants a line, the script has %v", q.Ask, answer)
		return "", nil
	}
}

func (f *fake) Select(q Question, options []string, selected int) (int, error) {
	f.t.Helper()
	switch answer := f.next(q).(type) {
	case enterKey:
		return selected, nil
	case string:
		return f.find(q, options, answer), nil
	case signal:
		return 0, answer
	default:
		f.t.Fatalf("%q wants a choice, the script has %v", q.Ask, answer)
		return 0, nil
	}
}

func (f *fake) find(q Question, options []string, part string) int {
	f.t.Helper()
	i := slices.IndexFunc(options, func(o string) bool { return strings.Contains(o, part) })
	if i < 0 {
		f.t.Fatalf("%q has no option %q: %q", q.Ask, part, options)
	}
	return i
}

func (f *fake) MultiSelect(q Question, options []string, selected []int) ([]int, error) {
	f.t.Helper()
	switch answer := f.next(q).(type) {
	case enterKey:
		return selected, nil
	case []string:
		var chosen []int
		for _, part := range answer {
			chosen = append(chosen, f.find(q, options, part))
		}
		return chosen, nil
	case signal:
		return nil, answer
	default:
		f.t.Fatalf("%q wants choices, the script has %v", q.Ask, answer)
		return nil, nil
	}
}

func (f *fake) Confirm(q Question, yes bool) (bool, error) {
	f.t.Helper()
	switch answer := f.next(q).(type) {
	case enterKey:
		return yes, nil
	case bool:
		return answer, nil
	case signal:
		return false, answer
	default:
		f.t.Fatalf("%q wants yes or no, the script has %v", q.Ask, answer)
		return false, nil
	}
}

func (f *fake) Say(words string) {
	if strings.Contains(words, "[wizard.") {
		f.t.Errorf("a text is missing: %q", words)
	}
	f.said = append(f.said, words)
}

// heard says whether something was said.
func (f *fake) heard(part string) bool {
	return strings.Contains(strings.Join(strings.Fields(strings.Join(f.said, "\n")), " "), part)
}

// clock is the time of the tests.
func clock() time.Time { return time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC) }

// talk makes a conversation about a folder with a fake person.
func talk(t *testing.T, folder string, f *fake) Conversation {
	t.Helper()
	dir := t.TempDir()
	return Conversation{
		IO: &terminal.IO{Err: io.Discard}, Text: f.text, Prompter: f, Start: Titled(folder),
		Unfinished: Keep(func() (string, error) { return dir, nil }, "/projecten/"+folder, clock),
		Check:      rules,
		Preview:    func(answers.Answers) (string, error) { return "de boom", nil },
		Taken:      func(name string) bool { return name == "bezet" },
	}
}

func rules(a answers.Answers) problem.List {
	_, found := model.New(a, nil, model.Env{})
	return found
}

// goal to delivery are the turns of somebody who only presses Enter.
func goal(rest ...turn) []turn {
	return append([]turn{
		{"title", enter}, {"summary", enter}, {"organisation", enter}, {"oin", enter},
		{"email", enter}, {"goal", enter}, {"days", enter},
		{"purpose", enter}, {"basis", enter}, {"law", enter},
	}, rest...)
}

func data(rest ...turn) []turn {
	return append([]turn{{"stores", enter}, {"register", enter}}, rest...)
}

func sources(rest ...turn) []turn { return append([]turn{{"sources", enter}}, rest...) }

func process(rest ...turn) []turn {
	return append([]turn{{"roles", enter}, {"steps", enter}}, rest...)
}

func last(rest ...turn) []turn {
	return append([]turn{{"colour", enter}, {"repository", enter}}, rest...)
}

// agree is the end of a conversation.
func agree() []turn { return []turn{{"wizard.review.ask", "Ja"}} }

func join(parts ...[]turn) []turn { return slices.Concat(parts...) }

// must runs a conversation to its end and returns answers that the rules accept.
func must(t *testing.T, c Conversation) answers.Answers {
	t.Helper()
	a, err := Run(c)
	if err != nil {
		t.Fatal(err)
	}
	if found := rules(a); len(found) > 0 {
		t.Fatalf("the answers are wrong:\n%v", found)
	}
	return a
}
