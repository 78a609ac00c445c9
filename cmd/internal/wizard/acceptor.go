package wizard

import (
	"io"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// acceptor presses Enter at every question: --defaults is the conversation
// without a person.
type acceptor struct{}

func (acceptor) Input(q Question) (string, error)                   { return q.Default, nil }
func (acceptor) Select(_ Question, _ []string, at int) (int, error) { return at, nil }
func (acceptor) Confirm(_ Question, yes bool) (bool, error)         { return yes, nil }
func (acceptor) Say(string)                                         {}
func (acceptor) MultiSelect(_ Question, _ []string, at []int) ([]int, error) {
	return at, nil
}

func silent() *text.Catalogue { return text.Load(text.Dutch) }

func silentIO() *terminal.IO { return &terminal.IO{Err: io.Discard} }
