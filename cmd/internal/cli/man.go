package cli

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// ManPages are the pages of `man fieldlab` in a language, by their file name:
// one for each command. They say what --help says. The date is that of the
// release, so that the same commit gives the same bytes.
func ManPages(language text.Language, version, date string) map[string][]byte {
	t := text.Load(language)
	pages := map[string][]byte{}
	var add func(*cobra.Command)
	add = func(cmd *cobra.Command) {
		pages[manName(cmd)+".1"] = manPage(cmd, t, version, date)
		for _, sub := range manSubs(cmd) {
			add(sub)
		}
	}
	add(newRoot(System{}, t))
	return pages
}

func manName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

func manSubs(cmd *cobra.Command) []*cobra.Command {
	var subs []*cobra.Command
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "help" {
			subs = append(subs, sub)
		}
	}
	return subs
}

// cobra's own writer of manual pages reads every text as Markdown and has its
// headings in English only; this one prints the help as it stands.
func manPage(cmd *cobra.Command, t *text.Catalogue, version, date string) []byte {
	var b bytes.Buffer
	name := manName(cmd)
	fmt.Fprintf(&b, "'\\\" -*- coding: UTF-8 -*-\n.TH %s 1 %s %s fieldlab\n", roffQuoted(strings.ToUpper(name)), roffQuoted(date), roffQuoted("fieldlab "+version))
	section := func(key string) { fmt.Fprintf(&b, ".SH %s\n", roff(t.T(key))) }
	section("man.name")
	fmt.Fprintf(&b, "%s \\- %s\n", roff(name), roff(cmd.Short))
	section("man.synopsis")
	for i, line := range usageLines(t, cmd) {
		if i > 0 {
			b.WriteString(".br\n")
		}
		fmt.Fprintf(&b, "\\fB%s\\fR%s\n", roff(cmd.CommandPath()), roff(strings.TrimPrefix(line, cmd.CommandPath())))
	}
	section("man.description")
	about := cmd.Long
	if about == "" {
		about = cmd.Short
	}
	manText(&b, about)
	if subs := manSubs(cmd); len(subs) > 0 {
		section("man.commands")
		for _, sub := range subs {
			fmt.Fprintf(&b, ".TP\n\\fB%s\\fR(1)\n%s\n", roff(manName(sub)), roff(sub.Short))
		}
	}
	section("man.options")
	manFlags(&b, t, cmd.LocalNonPersistentFlags())
	manFlags(&b, t, cmd.PersistentFlags())
	manFlags(&b, t, cmd.InheritedFlags())
	if cmd.Example != "" {
		section("man.examples")
		manLines(&b, cmd.Example)
	}
	if !cmd.HasParent() {
		section("man.exit-status")
		manLines(&b, t.T("help.exit-code-list"))
		return b.Bytes()
	}
	section("man.see-also")
	fmt.Fprintf(&b, "\\fB%s\\fR(1)\n", roff(manName(cmd.Parent())))
	return b.Bytes()
}

func manFlags(b *bytes.Buffer, t *text.Catalogue, flags *pflag.FlagSet) {
	flags.VisitAll(func(flag *pflag.Flag) {
		if flag.Hidden || flag.Deprecated != "" {
			return
		}
		value, about := pflag.UnquoteUsage(flag)
		b.WriteString(".TP\n")
		if flag.Shorthand != "" {
			fmt.Fprintf(b, "\\fB%s\\fR, ", roff("-"+flag.Shorthand))
		}
		fmt.Fprintf(b, "\\fB%s\\fR", roff("--"+flag.Name))
		if value != "" {
			fmt.Fprintf(b, " \\fI%s\\fR", roff(value))
		}
		switch flag.DefValue {
		case "", "false", "0", "[]":
		default:
			about += " " + t.T("man.default", flag.DefValue)
		}
		fmt.Fprintf(b, "\n%s\n", roff(about))
	})
}

// manText prints paragraphs; one with lines that are set out, such as a list,
// keeps them.
func manText(b *bytes.Buffer, about string) {
	for i, paragraph := range strings.Split(strings.TrimSpace(about), "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, " ") || strings.Contains(paragraph, "\n ") || strings.Contains("\n"+paragraph, "\n- ") {
			manLines(b, paragraph)
			continue
		}
		fmt.Fprintf(b, "%s\n", roff(paragraph))
	}
}

func manLines(b *bytes.Buffer, lines string) {
	fmt.Fprintf(b, ".nf\n%s\n.fi\n", roff(lines))
}

// roff writes a text so that every sign of it is printed: a backslash begins an
// escape, a line with a point or quote in front is an order, and a bare dash is
// a hyphen that cannot be copied into a shell.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}

func roffQuoted(s string) string { return `"` + strings.ReplaceAll(roff(s), `"`, `\(dq`) + `"` }
