//go:build !windows

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// jargon is what somebody from burgerzaken should not have to read.
var jargon = regexp.MustCompile(`process\.|yaml|\bP[0-9]+[YMWD]\b|slug|\bvalues\b|\benum\b|purpose|outcomes|audience|register\[|ISO`)

// dialogue answers questions one after another: in each pair a part of the
// question, and what is typed at it. Each question stands on the screen.
func (s *screen) dialogue(turns ...string) {
	s.t.Helper()
	for i := 0; i < len(turns); i += 2 {
		s.expect(turns[i])
		time.Sleep(60 * time.Millisecond)
		if now := s.now(); !strings.Contains(now, turns[i]) {
			s.t.Fatalf("%q scrolled off the screen:\n%s", turns[i], now)
		}
		s.send(turns[i+1] + "\r")
	}
}

// standing is a conversation at 80x24 that came to what is stored.
func standing(t *testing.T, dir string, args ...string) *screen {
	t.Helper()
	s := openSized(t, dir, 80, 24, always, nil, append([]string{"new"}, args...)...)
	answerAll(s, questions[:11])
	return s
}

// TestWizardOwnCase is the conversation of a team with a case of its own: with
// other names, another order and a decision that goes back to the form.
func TestWizardOwnCase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := standing(t, dir, "boom-kappen")
	s.dialogue(
		"Klopt dat?", "Wijzigen", "Wat wordt er bewaard?", "Kapaanvraag", "meervoud?", "",
		"Kloppen de velden?", "Toevoegen", "Naam van het veld", "BSN", "Wat voor gegeven", "bsn", "ingevuld zijn?", "ja", "Nog meer over", "",
		"Kloppen de velden?", "Toevoegen", "Naam van het veld", "Aantal bomen", "Wat voor gegeven", "aantal", "ingevuld zijn?", "", "minder dan nul", "", "Nog meer over", "",
		"Kloppen de velden?", "Verplaatsen", "Welke wilt u verplaatsen", "BSN", "Waar moet dit komen", "Bovenaan",
		"Kloppen de velden?", "Verwijderen", "Welke wilt u verwijderen", "Onderwerp", "Weg ermee: Onderwerp", "ja",
		"Kloppen de velden?", "", "Hoe lang wordt dit bewaard", "vijf jaar", "Waar staat die termijn", "",
		"Klopt dat?", "", "bronnen zijn nodig", "", "Wie doen er mee", "Wijzigen", "Welke wilt u wijzigen", "Medewerker", "Hoe heet de rol", "Boswachter", "Wie zijn dit", "",
		"Wie doen er mee", "", "Hoe verloopt", "zelf",
		"Kloppen de stappen?", "Wijzigen", "Welke wilt u wijzigen", "Beoordelen", "Hoe heet de stap", "Naar de boom kijken", "Wie doet deze stap", "", "Uitleg bij de stap", "",
		"Welke uitkomsten", "Toevoegen", "Hoe heet de uitkomst", "Terug naar de aanvrager", "Naar welke stap", "Boom kappen", "Welke uitkomsten", "", "Binnen welke termijn", "zes weken",
		"Kloppen de stappen?", "Verplaatsen", "Welke wilt u verplaatsen", "Aanvullen", "Waar moet dit komen", "Onder Toegekend",
		"Kloppen de stappen?", "", "Welke kleur", "groen", "broncode", "",
		"Akkoord?", "Een antwoord", "Welk antwoord", "Titel", "straks doen?", "Boom laten kappen", "Akkoord?", "",
	)
	s.end(0)
	if found := jargon.FindString(strings.ReplaceAll(s.text()[:strings.LastIndex(s.text(), "Akkoord?")], "Kies \"", "")); found != "" {
		t.Errorf("somebody had to read %q:\n%s", found, s.text())
	}
	file := filepath.Join(dir, "boom-kappen", "fieldlab.yaml")
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		"naar-de-boom-kijken", "terug-naar-de-aanvrager: indienen", "term: P6W", "role: boswachter", "subject: kapaanvraag", "period: P5Y", "min: 0", "title: Boom laten kappen",
	} {
		if !strings.Contains(string(body), part) {
			t.Errorf("the answers lack %q:\n%s", part, body)
		}
	}
	check := exec.Command(s.cmd.Path, "answers", "validate", file)
	check.Env = s.cmd.Env
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("the answers are wrong: %s", out)
	}
}

// TestWizardHelpNeverAnswers: in a line, in a list and in yes or no; what was
// typed is still there.
func TestWizardHelpNeverAnswers(t *testing.T) {
	t.Parallel()
	for _, replies := range []int{always, never} {
		s := openSized(t, t.TempDir(), 80, 24, replies, nil, "new", "boom")
		s.answer("straks doen?", "?")
		s.expect("boven elk scherm")
		s.answer("straks doen?", "Boom kappen ?")
		s.expect("boven elk scherm")
		if s.expect("Boom kappen"); replies == never {
			s.send("Boom kappen")
		}
		s.send("\r")
		s.expect("zinnen uit")
		if !strings.Contains(s.text(), "Boom kappen: inwoners") {
			t.Errorf("what was typed is gone:\n%s", s.text())
		}
		s.send("\r")
		answerAll(s, questions[2:6])
		s.answer("Hoe lang", "?")
		s.seen = 0
		s.expect("dagplanning past zich aan")
		time.Sleep(200 * time.Millisecond)
		if strings.Contains(s.text(), "Waarvoor worden") {
			t.Errorf("the help took an answer:\n%s", s.text())
		}
		s.send("\r")
		s.seen = strings.LastIndex(s.text(), "Hoe lang")
		answerAll(s, questions[7:10])
		s.answer("zelf iets bewaard", "?")
		s.seen = 0
		s.expect("Bewaar alleen wat hier ontstaat")
		time.Sleep(200 * time.Millisecond)
		if strings.Contains(s.text(), "Klopt dat?") {
			t.Errorf("the help took an answer:\n%s", s.text())
		}
		s.send("nee\r")
		s.expect("bronnen zijn nodig")
		s.send("\x03")
		s.end(130)
	}
}

// TestWizardSearch: typing keeps what fits, and says when nothing does.
func TestWizardSearch(t *testing.T) {
	t.Parallel()
	s := standing(t, t.TempDir(), "boom")
	s.dialogue("Klopt dat?", "Wijzigen", "Wat wordt er bewaard?", "", "meervoud?", "", "Kloppen de velden?", "Toevoegen", "Naam van het veld", "BSN")
	s.expect("Wat voor gegeven")
	s.send("xyzzy\r")
	s.expect(`Niets past bij "xyzzy"`)
	s.send("\x15bsn")
	s.expect("burgerservicenummer")
	if now := s.now(); strings.Contains(now, "postcode") {
		t.Errorf("the list is not shorter:\n%s", now)
	}
	s.send("\r")
	s.seen = 0
	s.expect("ingevuld zijn?")
	s.send("\x03")
	s.end(130)
}

// TestWizardStopsInAList and goes on at the same question.
func TestWizardStopsInAList(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := standing(t, dir, "boom")
	s.dialogue("Klopt dat?", "Wijzigen", "Wat wordt er bewaard?", "Kapaanvraag", "meervoud?", "", "Kloppen de velden?", "Toevoegen", "Naam van het veld", "Aantal", "Wat voor gegeven", "aantal")
	s.expect("ingevuld zijn?")
	s.send("\x03")
	s.end(130)
	s = openSized(t, dir, 80, 24, always, nil, "new", "boom")
	s.dialogue("Wat wilt u?", "", "ingevuld zijn?", "ja", "minder dan nul", "", "Nog meer over", "", "Kloppen de velden?", "")
	if !strings.Contains(s.text(), "3. Aantal (geheel getal, verplicht)") {
		t.Errorf("the field is gone:\n%s", s.text())
	}
	s.expect("Hoe lang wordt dit bewaard")
	s.send("\x03")
	s.end(130)
}

// TestWizardPaste: a page of text that is pasted into a question is one answer,
// whether the terminal says that it is pasted or not, and line by line too.
func TestWizardPaste(t *testing.T) {
	t.Parallel()
	page := strings.Repeat("Inwoners vragen een boom te kappen.\n\n\tDe boswachter gaat kijken.\n", 4) + "Einde"
	for name, c := range map[string]struct {
		replies int
		typed   string
	}{
		"marked": {always, "\x1b[200~" + page + "\x1b[201~"}, "unmarked": {always, strings.ReplaceAll(page, "\n", "\r")}, "line by line": {never, page},
	} {
		s := openSized(t, t.TempDir(), 80, 24, c.replies, nil, "new", "boom")
		s.answer("straks doen?", "")
		s.expect("zinnen uit")
		s.send(c.typed)
		time.Sleep(300 * time.Millisecond)
		if c.replies == always {
			if !strings.Contains(s.now(), "zinnen uit") || strings.Contains(s.text(), "verantwoordelijk?") {
				t.Errorf("%s: the paste answered by itself:\n%s", name, s.text())
			}
			s.send("\r")
		}
		s.expect("verantwoordelijk?")
		time.Sleep(200 * time.Millisecond)
		if text := s.text(); strings.Contains(text, "OIN van") {
			t.Errorf("%s: the paste answered the next question:\n%s", name, text)
		}
		s.send("\r")
		s.expect("OIN van")
		if !strings.Contains(s.text(), "Onze organisatie") {
			t.Errorf("%s: something leaked:\n%s", name, s.text())
		}
		s.send("\x03")
		s.end(130)
	}
}

// TestWizardInTwentyColumns, in a window that changes its size in a question,
// and that is put aside and taken up again.
func TestWizardInTwentyColumns(t *testing.T) {
	t.Parallel()
	s := openSized(t, t.TempDir(), 20, 10, always, nil, "new", "boom")
	s.expect("straks doen?")
	s.send("Boom ")
	if err := pty.Setsize(s.tty, &pty.Winsize{Rows: 24, Cols: 60}); err != nil {
		t.Fatal(err)
	}
	s.send("kappen\x1b[D\x1b[C")
	if err := pty.Setsize(s.tty, &pty.Winsize{Rows: 3, Cols: 5}); err != nil {
		t.Fatal(err)
	}
	s.send("\r")
	time.Sleep(200 * time.Millisecond)
	if err := pty.Setsize(s.tty, &pty.Winsize{Rows: 10, Cols: 20}); err != nil {
		t.Fatal(err)
	}
	s.send("\r")
	s.expect("organisatie")
	s.send("\x1a") // nobody can put this one aside: there is no shell
	time.Sleep(100 * time.Millisecond)
	_ = s.cmd.Process.Signal(syscall.SIGCONT)
	time.Sleep(100 * time.Millisecond)
	s.send("\r")
	s.expect("OIN van")
	s.send("\x04")
	s.expect("bewaard")
	s.end(130)
	if !strings.Contains(strings.Join(strings.Fields(s.text()), " "), "Boom kappen") {
		t.Errorf("the title is gone:\n%s", s.text())
	}
}

// TestWizardInEnglish proposes nothing in Dutch but terms of the field.
func TestWizardInEnglish(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openSized(t, dir, 80, 24, always, nil, "new", "tree-felling", "--lang", "en")
	s.dialogue("be able to do?", "", "one or two sentences", "", "is responsible?", "", "OIN of", "", "E-mail address", "", "last day?", "", "How long", "", "data used for?", "",
		"legal basis", "", "article of law", "", "stored here?", "", "Is that right?", "", "sources are needed", "", "Who take part", "", "How does the process", "Decide on",
		"Are the steps right", "", "Which colour", "", "source code be", "", "Agreed?", "")
	s.end(0)
	body, err := os.ReadFile(filepath.Join(dir, "tree-felling", "fieldlab.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	shown := s.text()[:strings.LastIndex(s.text(), "Agreed?")]
	for _, dutch := range []string{"inwoner", "medewerker", "indienen", "beoordelen", "aanvullen", "toegekend", "afgewezen", "onderwerp", "toelichting", "behandelen", "laten zien", "Onze ", " en "} {
		if strings.Contains(strings.ToLower(shown), strings.ToLower(dutch)) {
			t.Errorf("somebody reads %q:\n%s", dutch, shown)
		}
		if dutch != "Onze " && strings.Contains(string(body), dutch) {
			t.Errorf("the answers say %q:\n%s", dutch, body)
		}
	}
}

// TestWizardFitsTheScreen: the answers and the question what to do with them
// stand on one screen of 24 rows, and so does each page of what will be made.
func TestWizardFitsTheScreen(t *testing.T) {
	t.Parallel()
	s := standing(t, t.TempDir(), "boom")
	answerAll(s, questions[11:])
	s.expect("Akkoord?")
	s.expect("< terug")
	if now := s.now(); !strings.Contains(now, "Uw antwoorden") || !strings.Contains(now, "Titel") {
		t.Errorf("the answers do not fit:\n%s", now)
	}
	s.send("Laten zien\r")
	s.expect("Genoeg gezien")
	if now := s.now(); !strings.Contains(now, "1-gegevens") || !strings.Contains(now, "boom/") {
		t.Errorf("the tree does not fit:\n%s", now)
	}
	s.send("Genoeg\r")
	s.answer("Akkoord?", "Een antwoord")
	s.expect("Welk antwoord")
	s.expect("Titel: Boom")
	s.send("\x03")
	s.end(130)
}

// TestTerminalReasons: why the fields of a source are needed is one question, in
// which a field that is not there is refused, and the letter says it.
func TestTerminalReasons(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir, 100, always, nil, "new", "verhuizing")
	answerAll(s, questions[:12])
	s.answer("bronnen zijn nodig", "Toevoegen")
	s.answer("Welke bron", "BAG")
	s.answer("Wat vraagt u aan deze bron", "")
	s.answer("Welke gegevens zijn nodig", "")
	s.answer("Waarom is dit nodig?", "huisnumer: Om te vergelijken")
	s.expect("huisnumer")
	s.expect("Huisnummer")
	s.answer("Waarom is dit nodig?", "De medewerker ziet het adres; Postcode: Om te bezorgen")
	s.answer("bronnen zijn nodig", "")
	answerAll(s, questions[13:])
	s.answer("Akkoord?", "")
	s.end(0)
	letter, err := os.ReadFile(filepath.Join(dir, "verhuizing", "docs", "toegang", "bag.md"))
	if err != nil || !strings.Contains(string(letter), "| De medewerker ziet het adres |") || !strings.Contains(string(letter), "| Om te bezorgen |") {
		t.Errorf("%v\n%s", err, letter)
	}
}
