package merge

import "strings"

// listForm is of files in which each line stands on its own: .gitignore and its like.
var listForm = form{merge: func(s sides, labels Labels) merged {
	return mergeLines(lineMerge{base: s.base.lines, ours: s.ours.lines, theirs: s.theirs.lines, solve: anywhere.solve}, labels)
}}

// anywhere combines lines that stand on their own.
var anywhere = combiner{
	place: func(span, span) bool { return true },
	items: func(lines []string) []item {
		all := indented(lines, "", func(line string) string { return line })
		if all == nil {
			return []item{{key: "\x00", lines: lines}} // empty lines
		}
		return all
	},
}

// markdownForm keeps rows and list items that both added.
var markdownForm = form{merge: func(s sides, labels Labels) merged {
	m := lineMerge{base: s.base.lines, ours: s.ours.lines, theirs: s.theirs.lines, key: rowKeys}
	lists := combiner{
		place: func(o, t span) bool { return entries(o.of(m.ours)) && entries(t.of(m.theirs)) },
		items: markdownItems,
		key:   rowKeys,
	}
	m.solve = lists.solve
	return mergeLines(m, labels)
}}

// changelogForm also keeps headings that both added.
var changelogForm = form{merge: func(s sides, labels Labels) merged {
	lists := combiner{place: func(span, span) bool { return true }, items: changelogItems}
	return mergeLines(lineMerge{base: s.base.lines, ours: s.ours.lines, theirs: s.theirs.lines, solve: lists.solve}, labels)
}}

// rowKeys compare the rows of a table without the spaces that line up its columns.
func rowKeys(lines []string) []string {
	keys := lines
	for i, line := range lines {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		if &keys[0] == &lines[0] {
			keys = append([]string(nil), lines...)
		}
		if strings.Trim(line, "|-: ") == "" {
			for strings.Contains(line, "---") {
				line = strings.ReplaceAll(line, "---", "--")
			}
		}
		keys[i] = strings.Join(strings.Fields(line), " ")
	}
	return keys
}

// bullet says that a line starts an item of a list, or is a row of a table.
func bullet(line string) bool {
	words := strings.TrimLeft(line, " ")
	digits := strings.TrimLeft(words, "0123456789")
	return strings.HasPrefix(words, "|") || strings.HasPrefix(words, "- ") || strings.HasPrefix(words, "* ") || strings.HasPrefix(words, "+ ") ||
		len(digits) < len(words) && (strings.HasPrefix(digits, ". ") || strings.HasPrefix(digits, ") "))
}

// entries says that lines are items or rows and nothing else.
func entries(lines []string) bool {
	some := false
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if bullet(line) {
			some = true
		} else if !some || indentOf(line) == 0 {
			return false
		}
	}
	return some || len(lines) == 0
}

func markdownItems(lines []string) []item {
	if len(lines) == 0 || !entries(lines) {
		return nil
	}
	return indented(lines, "", func(line string) string {
		if cells := strings.SplitN(line, "|", 3); len(cells) == 3 && cells[0] == "" {
			return "| " + strings.TrimSpace(cells[1])
		}
		return line
	})
}

// changelogItems are headings and items. Under which heading an item stands is only
// clear as long as there is one.
func changelogItems(lines []string) []item {
	all := indented(lines, "", func(line string) string { return line })
	headings := 0
	for _, i := range all {
		if strings.HasPrefix(i.key, "#") {
			headings++
		}
	}
	if headings > 0 && (headings > 1 || !strings.HasPrefix(all[0].key, "#")) {
		return []item{{key: strings.Join(lines, "\n"), lines: lines}}
	}
	return all
}
