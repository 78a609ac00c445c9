package generator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// dutchWords are plain words that once stood in names beside their English
// counterpart. Nouns of the field, such as zaak, bron and register, are not among
// them.
var dutchWords = strings.Fields(`naam soort verplicht optie opties doe stel ontbreekt aaneen lees schrijf vraag vragen antwoord
	antwoorden veld velden waarde waarden fout fouten sleutel rij rijen tabel kolom uitleg titel regel regels nieuw maak zoek
	bestand bestanden gebruiker pagina lijst tekst keuze grens stap stappen scherm schermen kies geef toon laat
	vorige volgende eerste laatste alle geen niet lijn vlak`)

var word = regexp.MustCompile(`[A-Z]?[a-z]+|[A-Z]+`)

// TestOneTongue: a name in our code, and in that of a component, is English but
// for the nouns of the field; one idea has no second name in Dutch.
func TestOneTongue(t *testing.T) {
	banned := map[string]bool{}
	for _, w := range dutchWords {
		banned[w] = true
	}
	seen := 0
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err == nil && d.Name() == "examples" {
			return fs.SkipDir // what is generated there has the names that a team gave
		}
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			seen++
			for _, w := range word.FindAllString(id.Name, -1) {
				if banned[strings.ToLower(w)] {
					t.Errorf("%s: %s holds the Dutch word %s", file, id.Name, w)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 10_000 {
		t.Fatalf("%d names, %v", seen, err)
	}
}
