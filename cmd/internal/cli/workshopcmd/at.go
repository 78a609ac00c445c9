package workshopcmd

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/answersfile"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/course"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/workshop"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// following is the component of a team that follows a course.
type following struct {
	*workshop.Component
	path []*course.Step
	port int
}

// follow opens the component in which a folder lies.
func follow(d Deps, dir string) (*following, error) {
	top, err := upward(dir)
	if err != nil {
		return nil, failure.Shortfall{Text: d.Text.T("workshop.no-workshop", short(dir)), Hint: "fieldlab workshop --help"}
	}
	c, err := workshop.Open(top)
	var problems problem.List
	switch {
	case errors.As(err, &problems):
		return nil, failure.Answers{Problems: problems, Hint: "git restore .fieldlab/workshop"}
	case err != nil && notOpened(d, dir, err) != nil:
		return nil, notOpened(d, dir, err)
	case err != nil && fromSystem(err):
		return nil, failure.Shortfall{Text: d.Text.T("course.unreadable", short(dir), answersfile.Reason(d.Text, err))}
	case err != nil:
		return nil, err
	case len(c.Path()) == 0:
		return nil, failure.Shortfall{Text: d.Text.T("course.none")}
	}
	return &following{c, c.Path(), portOf(d, c)}, nil
}

// upward finds the folder of the component of which dir is a part.
func upward(dir string) (string, error) {
	at, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Lstat(filepath.Join(at, filepath.FromSlash(workshop.Folder))); err == nil {
			return at, nil
		}
		above := filepath.Dir(at)
		if above == at {
			return "", fs.ErrNotExist
		}
		at = above
	}
}

// portOf is where go run . would begin to listen: what the environment says, the
// port of the team, that of the answers.
func portOf(d Deps, c *workshop.Component) int {
	if d.Env != nil {
		if port, err := strconv.Atoi(d.Env("PORT")); err == nil && port > 0 && port < 65533 {
			return port
		}
	}
	if c.Mine.Team.Port > 0 {
		return c.Mine.Team.Port
	}
	if port := answersIn(c.Dir).Delivery.Port; port != nil && *port > 0 {
		return *port
	}
	return 8080
}

// words are those of this team in the texts of the course.
func (f *following) words() course.Words {
	return course.Words{Name: cmp.Or(answersIn(f.Dir).Component.Name, filepath.Base(f.Dir)), Port: f.port}
}

// answersIn reads the answers of a component as far as that goes; it may come from
// anybody.
func answersIn(dir string) answers.Answers {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return answers.Answers{}
	}
	defer func() { _ = root.Close() }()
	info, err := root.Lstat(answers.FileName)
	if err != nil || !info.Mode().IsRegular() || info.Size() > 1<<20 {
		return answers.Answers{}
	}
	body, err := root.ReadFile(answers.FileName)
	if err != nil {
		return answers.Answers{}
	}
	document, _ := answers.Parse(answers.FileName, body)
	return document.Answers
}

// now is the step that the team is at: the one that was begun last, and else the
// first that is not done. Nil says that all are.
func (f *following) now() *course.Step {
	if s := f.Course.Step(f.Progress.Begun); s != nil && s.ID == f.Progress.Begun && !f.done(s) {
		return s // also one that the plan leaves out
	}
	for _, s := range f.path {
		if !f.done(s) {
			return s
		}
	}
	return nil
}

func (f *following) done(s *course.Step) bool { return !f.Progress.Steps[s.ID].At.IsZero() }

// after is the first step after s that is not done; nil when there is none.
func (f *following) after(s *course.Step) *course.Step {
	for _, other := range f.path {
		if other.Number > s.Number && !f.done(other) {
			return other
		}
	}
	return f.now()
}

// step is the step of that name, or the one that the team is at.
func (f *following) step(d Deps, args []string) (*course.Step, error) {
	if len(args) == 0 {
		return f.now(), nil
	}
	if s := f.Course.Step(args[0]); s != nil {
		return s, nil
	}
	return nil, failure.Usage{Text: d.Text.T("course.no-step", short(args[0])), Hint: "fieldlab workshop step " + strings.Join(ids(f.path), "|")}
}

// followStep is follow with the step that the arguments are about; nil when none is
// named and all are done.
func followStep(d Deps, dir string, args []string) (*following, *course.Step, error) {
	f, err := follow(d, dir)
	if err != nil {
		return nil, nil, err
	}
	s, err := f.step(d, args)
	return f, s, err
}

// place is where the checks of a step look.
func (f *following) place(s *course.Step, answer string) course.Place {
	_, begun := f.Progress.Steps[s.ID]
	if answer == "" {
		answer = f.Progress.Answers[s.ID]
	}
	return course.Place{Dir: f.Dir, Port: f.port, Answer: answer, Begun: begun, Live: true}
}

// atFlags are what the commands of a team have in common.
func atFlags(cmd *cobra.Command, d Deps, dir *string) {
	cmd.Flags().StringVar(dir, "dir", ".", d.Text.T("workshop.flag.dir"))
	cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		top, err := upward(*dir)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return stepNames(top), cobra.ShellCompDirectiveNoFileComp
	}
}

// markdown shows a text of a course on a screen: what is typed stays as it is, the
// rest is wrapped. It comes from anybody, so nothing in it steers the terminal.
func markdown(io *terminal.IO, text string) string {
	var out []string
	fence := false
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		line = terminal.Safe(line)
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"), strings.HasPrefix(trimmed, "~~~"):
			fence = !fence
		case fence:
			out = append(out, "    "+line)
		case strings.HasPrefix(trimmed, "|"):
			out = append(out, spoken(line))
		default:
			indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
			out = append(out, io.Wrap(spoken(trimmed), indent))
		}
	}
	return strings.Join(out, "\n")
}

var emphasis = regexp.MustCompile(`\*([^\s*](?:[^*]*[^\s*])?)\*`)

// spoken is a line without the stars of Markdown: what a page shows as the words on a
// button stands between quotes. A star in code is left alone.
func spoken(line string) string {
	parts := strings.Split(line, "`")
	for i := 0; i < len(parts); i += 2 {
		parts[i] = emphasis.ReplaceAllString(strings.ReplaceAll(parts[i], "**", ""), "“$1”")
	}
	return strings.Join(parts, "`")
}
