package workshop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

func TestReadTeams(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "Team %d\n", i)
		}
		return b.String()
	}
	for name, c := range map[string]struct {
		body  string
		names []string
		wrong []string // line: fault
	}{
		"usual":           {"Zuid\nOost\n", []string{"Zuid", "Oost"}, nil},
		"Windows":         {"\ufeffZuid\r\n\r\n# niet dit\r\n  Oost  \r\n", []string{"Zuid", "Oost"}, nil},
		"no end":          {"Zuid", []string{"Zuid"}, nil},
		"spaces":          {"Team   Noord \t Oost", []string{"Team Noord Oost"}, nil},
		"any script":      {"北京\nمرحبا\nКиїв\nΑθήνα\n🙂\n🙂🙂", []string{"北京", "مرحبا", "Київ", "Αθήνα", "🙂", "🙂🙂"}, nil},
		"accents apart":   {"Cafe\u0301", []string{"Café"}, nil},
		"markup":          {`<b>"O'Neil" & Co`, []string{`<b>"O'Neil" & Co`}, nil},
		"nothing":         {"", nil, []string{"0: none"}},
		"only remarks":    {"# a\n\n", nil, []string{"0: none"}},
		"twice":           {"Zuid\nOost\nzuid\nOOST", nil, []string{"3: same 1", "4: same 2"}},
		"folded":          {"Straße\nSTRASSE\nＺｕｉｄ\nZuid", nil, []string{"2: same 1", "4: same 3"}},
		"same folder":     {"Team-A\nteam a", nil, []string{"2: slug 1"}},
		"long":            {strings.Repeat("é", 61), nil, []string{"1: long"}},
		"just fits":       {strings.Repeat("é", 60), []string{strings.Repeat("é", 60)}, nil},
		"control":         {"Zu\x00id\nZu\x1b[31mid", nil, []string{"1: hidden", "2: hidden"}},
		"turned around":   {"Zu\u202eid", nil, []string{"1: hidden"}},
		"invisible":       {"Zu\u200bid", nil, []string{"1: hidden"}},
		"no text":         {"Zu\xffid", nil, []string{"1: not-text"}},
		"UTF-16":          {"\xff\xfeZ\x00u\x00", nil, []string{"1: not-text"}},
		"all at once":     {"A\na\n\n" + strings.Repeat("x", 99) + "\nB\x01", nil, []string{"2: same 1", "4: long", "5: hidden"}},
		"a thousand":      {many(1000), nil, nil},
		"a thousand and1": {many(1001), nil, []string{"1001: many"}},
	} {
		names, err := ReadTeams([]byte(c.body))
		var got Mistakes
		if err != nil && !errors.As(err, &got) {
			t.Fatal(err)
		}
		var wrong []string
		for _, m := range got {
			text := fmt.Sprintf("%d: %s", m.Line, m.Fault)
			if m.Other > 0 {
				text += fmt.Sprintf(" %d", m.Other)
			}
			wrong = append(wrong, text)
		}
		if !slices.Equal(wrong, c.wrong) || c.names != nil && !slices.Equal(names, c.names) {
			t.Errorf("%s: got %q, %v", name, names, wrong)
		}
	}
}

func FuzzReadTeams(f *testing.F) {
	f.Add([]byte("Zuid\nOost\n# x\n"))
	f.Add([]byte("\ufeff北京\r\n🙂"))
	f.Fuzz(func(t *testing.T, body []byte) {
		names, err := ReadTeams(body)
		if (err == nil) == (len(names) == 0) {
			t.Fatalf("got %q and %v", names, err)
		}
		for i, team := range teamsOf(names, BasePort) {
			team.Code = "ACDEFG"
			if key := team.wrong(); key != "" {
				t.Errorf("team %d %q has a wrong %s: %+v", i, names[i], key, team)
			}
		}
	})
}

// TestTeamsDiffer: what may not be the same in two components is not.
func TestTeamsDiffer(t *testing.T) {
	var given []string
	for i := range 1000 {
		given = append(given, strings.Repeat("lang ", 9)+fmt.Sprint(i))
	}
	given[7], given[8], given[9], given[10] = "🙂", "🙃", "con", "a"
	teams := teamsOf(given, 1024)
	own := names(teams, "een-zaak-met-een-heel-lange-naam-ervoor")
	seen := map[string]int{}
	for i, team := range teams {
		for key, value := range map[string]string{"folder": team.Folder, "oin": team.OIN, "port": fmt.Sprint(team.Port), "name": own[i], "variant": fmt.Sprint(team.Variant)} {
			if other, again := seen[key+value]; again {
				t.Errorf("teams %d and %d have the same %s: %s", other+1, i+1, key, value)
			}
			seen[key+value] = i
		}
		if n, err := naming.Of(own[i]); err != nil || n.Path != own[i] || len(own[i]) > 40 {
			t.Fatalf("%q is no name of a component", own[i])
		}
		if !strings.HasPrefix(team.OIN, "00000099") || len(team.OIN) != 20 {
			t.Fatalf("%s is no OIN of the test range", team.OIN)
		}
	}
	if teams[7].Folder != "0008-team" || !strings.HasSuffix(own[7], "-team-08") || teams[10].Folder != "0011-a" {
		t.Errorf("got %s, %s, %s", teams[7].Folder, own[7], teams[10].Folder)
	}
}

func TestCodes(t *testing.T) {
	codes, err := newCodes(1000, nil)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(codes)
	if len(slices.Compact(codes)) != 1000 {
		t.Error("a code came twice")
	}
	for _, code := range codes {
		if !regexCode.MatchString(code) || strings.ContainsAny(code, "0O1IL5S2Z8B") {
			t.Errorf("%s can be misread", code)
		}
	}
	// A reader that repeats gives the same code for ever: that ends in an error, not in
	// two teams with one code.
	if _, err := newCodes(2, strings.NewReader(strings.Repeat("aaaaaa", 3))); err == nil {
		t.Error("two codes out of nothing")
	}
}

func TestTitled(t *testing.T) {
	for _, c := range []struct{ title, team, want string }{
		{"Verhuizing", "Zuid", "Verhuizing (Zuid)"},
		{strings.Repeat("a", 100), "Zuid", strings.Repeat("a", 92) + "… (Zuid)"},
	} {
		if got := titled(c.title, c.team); got != c.want || len([]rune(got)) > 100 {
			t.Errorf("got %q", got)
		}
	}
}
