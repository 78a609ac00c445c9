package newcmd

import (
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/generator/repository"
)

// persons says what Git does not know of who commits, and what of its settings
// was not read, with the commands that mend it.
func persons(d Deps, o *Options, p repository.Persons) (words []string) {
	author := terminal.Safe(fmt.Sprintf("%s <%s>", p.Author.Name, p.Author.Email))
	name, email := slices.Contains(p.Missing, "user.name"), slices.Contains(p.Missing, "user.email")
	switch {
	case name && email:
		words = append(words, d.Text.T("new.unknown-author", author))
	case name:
		words = append(words, d.Text.T("new.unknown-name", author))
	case email:
		words = append(words, d.Text.T("new.unknown-email", author))
	}
	if len(p.Unread) > 0 {
		words = append(words, d.Text.T("new.unread-settings", listing(p.Unread), author))
	}
	if len(words) > 0 {
		words = append(words, d.Text.T("new.mend-author", terminal.Safe("git -C "+quoted(o.Dir)+" commit --amend --reset-author --no-edit")))
	}
	return words
}
