package evolve

import (
	"fmt"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// everything is an update in which each thing happens.
func everything() update.Update {
	u := update.Update{From: "1.2.0", To: "1.3.0", Migration: "0002_telefoon_bij_verhuizing", Notes: []grow.Note{{Code: "old-name", Args: []any{"tests/eigen_test.go", 3, "telefoon"}}}}
	for i := range 37 {
		u.Changes = append(u.Changes, change(update.Replace, fmt.Sprintf("docs/%02d.md", i)))
	}
	sql := update.Change{Action: update.Add, Path: "1-gegevens/migraties/sqlite/0002_telefoon_bij_verhuizing.sql",
		After: []byte("-- Over deze migratie.\n-- verhuizingen: telefoon erbij.\n\n-- verhuizingen: hier niet\nALTER TABLE x;\n")}
	moved, kept, marked, beside := change(update.Move, "3-integratie/adressen.go"), change(update.Keep, "docs/eigen.md"), change(update.Merge, "5-interactie/schermen.go"), change(update.Keep, "4-proces/proces.bpmn")
	moved.From, kept.Why, marked.Conflicts, beside.Beside = "3-integratie/bag.go", "gone", 2, "4-proces/proces.bpmn.nieuw"
	u.Changes = append(u.Changes, sql, moved, kept, marked, beside, change(update.Merge, "main.go"), change(update.Remove, "docs/weg.md"), change(update.Replace, "2-diensten/openapi.yaml"), change(update.Replace, ".fieldlab/manifest.json"))
	taken, edited := change(update.Merge, "kern/outway/client.go"), change(update.Merge, "kern/paginas/stijl.css")
	u.Kern = update.KernChange{Files: 12, Changes: []update.Change{taken, edited}, Taken: []string{"outway"}}
	return u
}

const wantPlan = `Dit gaat er gebeuren in verhuizing:
fieldlab 1.2.0 wordt 1.3.0.

Nieuw (1)
  1-gegevens/migraties/sqlite/0002_telefoon_bij_verhuizing.sql

Bijgewerkt (38)
  Hierin had u niets veranderd.
  2-diensten/openapi.yaml
  docs/00.md
  docs/01.md
  docs/02.md
  docs/03.md
  docs/04.md
  en nog 32 bestanden

Samengevoegd (1)
  Wat u erin veranderde, blijft staan; wat fieldlab verandert, komt erbij.
  main.go

Verplaatst (1)
  Met wat u erin veranderde.
  3-integratie/bag.go → 3-integratie/adressen.go

Weg (1)
  Het hoort er niet meer bij, en u had er niets in veranderd.
  docs/weg.md

Blijft zoals u het hebt (1)
  fieldlab zou hier iets doen, maar laat het aan u.
  docs/eigen.md: fieldlab heeft het niet meer; voortaan is het van u

Database
  Er komt een migratie bij: 0002_telefoon_bij_verhuizing. Wat er in de tabellen
  staat, blijft, behalve waar hieronder anders staat.
  - verhuizingen: telefoon erbij.

kern
  12 bestanden nieuw
  outway is van u en wordt samengevoegd
  kern/paginas/stijl.css: wat u veranderde, blijft staan

Let op
  - tests/eigen_test.go:3 noemt nog telefoon. Dit bestand is van u: kijk of dat
    ook anders moet.

Botst (2)
  Hier veranderden u en fieldlab hetzelfde. U kiest straks.
  5-interactie/schermen.go: 2 plekken
  4-proces/proces.bpmn: de nieuwe versie komt ernaast, als 4-proces/proces.bpmn.nieuw`

// TestPlan: what happens, in the words that a person reads.
func TestPlan(t *testing.T) {
	found := everything()
	b := newBench(text.Dutch, found)
	if got := Plan(b.Deps, Options{}, "werk/verhuizing", &found); got != wantPlan {
		t.Errorf("got\n%s\n\nwant\n%s", got, wantPlan)
	}
	for _, language := range text.Languages() {
		b := newBench(language, found)
		shown := Plan(b.Deps, Options{Did: "Veld erbij", About: "Dit."}, ".", &found)
		for _, wrong := range []string{"[update.", "[grow.", "%!", ".fieldlab", "\x1b"} {
			if strings.Contains(shown, wrong) {
				t.Errorf("%s: the plan holds %q:\n%s", language, wrong, shown)
			}
		}
	}
}

// TestVersionsThatAreTheSame: nobody wants to read that dev becomes dev.
func TestVersionsThatAreTheSame(t *testing.T) {
	b := newBench(text.Dutch, update.Update{From: "dev", To: "dev", Changes: []update.Change{change(update.Replace, "main.go")}})
	if err := b.run(Options{}); err != nil || strings.Contains(b.words.String(), "dev") {
		t.Errorf("%v\n%s", err, b.words.String())
	}
}
