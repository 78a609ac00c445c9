package organisatie

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// field and uri are the grammar of RFC 9116 section 4, as far as a file without a
// signature, comments and extensions has it.
var (
	field = regexp.MustCompile(`^(Contact|Expires|Preferred-Languages|Canonical|Policy): ([^\r\n]*)$`)
	uri   = regexp.MustCompile(`^[a-z][a-z0-9+.-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+$`)
	lang  = regexp.MustCompile(`^[a-z]{2,3}(, [a-z]{2,3})*$`)
)

// grammar says what in a file is not as RFC 9116 has it, on a moment.
func grammar(body string, now time.Time) (faults []string) {
	if !strings.HasSuffix(body, "\n") {
		return []string{"the last line has no end"}
	}
	count := map[string]int{}
	for l := range strings.SplitSeq(strings.TrimSuffix(body, "\n"), "\n") {
		m := field.FindStringSubmatch(l)
		if m == nil {
			faults = append(faults, "no field: "+l)
			continue
		}
		count[m[1]]++
		switch m[1] {
		case "Expires":
			if t, err := time.Parse(time.RFC3339, m[2]); err != nil || !t.After(now) || t.Sub(now) >= 365*24*time.Hour {
				faults = append(faults, l)
			}
		case "Preferred-Languages":
			if !lang.MatchString(m[2]) {
				faults = append(faults, l)
			}
		default:
			if !uri.MatchString(m[2]) || !strings.HasPrefix(m[2], "https://") && !(m[1] == "Contact" && strings.HasPrefix(m[2], "mailto:")) {
				faults = append(faults, l)
			}
		}
	}
	if count["Contact"] == 0 || count["Expires"] != 1 || count["Preferred-Languages"] > 1 {
		faults = append(faults, "fields that are missing or there twice")
	}
	return faults
}

func TestTheGrammarJudges(t *testing.T) {
	now := time.Now()
	good := "Contact: mailto:a@b.test\nExpires: " + now.Add(time.Hour).UTC().Format(time.RFC3339) + "\n"
	if faults := grammar(good, now); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
	for _, bad := range []string{"", strings.TrimSuffix(good, "\n"), good + good, "Contact: mailto:a@b.test\n", "Contact: a@b.test\n" + good, good + "Policy: http://b.test\n", good + "\n",
		strings.Replace(good, "Expires: 2", "Expires: 3", 1), good + "Canonical: https://b.test/é\n"} {
		if len(grammar(bad, now)) == 0 {
			t.Errorf("good: %q", bad)
		}
	}
}

func TestSecurityTxtIsAsTheRFCHasIt(t *testing.T) {
	whole := Organisation{Contact: Contact{Name: "Team", Email: "o'brien+team@veenrade.test", URL: "https://www.veenrade.test/contact us?a=é"}, Security: Security{Report: "mailto:cert@veenrade.test", Policy: "https://www.veenrade.test/beleid"}}
	for name, c := range map[string]struct {
		o     Organisation
		at    string
		lines []string
	}{
		"whole":   {whole, "https://verhuizen.veenrade.test" + SecurityPath, []string{"Contact: mailto:cert@veenrade.test", "Contact: mailto:o%27brien+team@veenrade.test", "Preferred-Languages: nl, en", "Canonical: https://verhuizen.veenrade.test/.well-known/security.txt", "Policy: https://www.veenrade.test/beleid"}},
		"no mail": {Organisation{Contact: Contact{URL: "https://www.veenrade.test/contact"}}, "", []string{"Contact: https://www.veenrade.test/contact"}},
		"accents": {Organisation{Contact: Contact{URL: "https://www.veenrade.test/één?a=é|`{}"}}, "", []string{"Contact: https://www.veenrade.test/%C3%A9%C3%A9n?a=%C3%A9%7C%60%7B%7D"}},
		"no web":  {Organisation{Contact: Contact{Email: "a@veenrade.test", URL: "http://www.veenrade.test"}}, "", []string{"Contact: mailto:a@veenrade.test"}},
	} {
		for _, now := range []time.Time{time.Now(), time.Date(2027, 2, 28, 23, 59, 59, 0, time.UTC), time.Date(2040, 12, 31, 23, 59, 59, 0, time.FixedZone("", 7200))} {
			w := httptest.NewRecorder()
			c.o.securityTxt(c.at, func() time.Time { return now }).ServeHTTP(w, httptest.NewRequest(http.MethodGet, SecurityPath, nil))
			if faults := grammar(w.Body.String(), now); len(faults) > 0 || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
				t.Errorf("%s: %q in\n%s", name, faults, w.Body)
			}
			for _, want := range c.lines {
				if !slices.Contains(strings.Split(w.Body.String(), "\n"), want) {
					t.Errorf("%s: no %q in\n%s", name, want, w.Body)
				}
			}
		}
	}
	for _, o := range []Organisation{{}, {Contact: Contact{Name: "Team", URL: "http://veenrade.test"}}} {
		if o.SecurityTxt("https://veenrade.test") != nil {
			t.Error("a file without anybody to reach")
		}
	}
	read := func(now time.Time) string {
		w := httptest.NewRecorder()
		whole.securityTxt("", func() time.Time { return now }).ServeHTTP(w, httptest.NewRequest(http.MethodGet, SecurityPath, nil))
		return w.Body.String()
	}
	if morning := time.Date(2027, 2, 28, 0, 0, 1, 0, time.UTC); read(morning) != read(morning.Add(23*time.Hour)) {
		t.Error("two who ask on one day read another file")
	}
	w := httptest.NewRecorder()
	whole.SecurityTxt("").ServeHTTP(w, httptest.NewRequest(http.MethodPost, SecurityPath, nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestAnAPIHasTheFileAtItsRootOnly(t *testing.T) {
	for api, want := range map[string]string{
		"https://api.veenrade.test/v1": "https://api.veenrade.test/.well-known/security.txt", "https://api.veenrade.test/verhuizen/v1": "", "": "",
	} {
		if got := CanonicalOf(api, "/v1"); got != want {
			t.Errorf("%s: %q", api, got)
		}
	}
}
