package source_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/source"
)

// passing gives a number that begins with eight digits and passes the eleven test. It is
// made here, so that no such number stands in this repository.
func passing(digits ...int) string {
	for ; ; digits[7]++ {
		sum := 0
		for i, d := range digits {
			sum += (9 - i) * d
		}
		if sum%11 == 10 {
			continue // no digit passes: another number
		}
		number := ""
		for _, d := range append(digits, sum%11) {
			number += string(rune('0' + d))
		}
		return number
	}
}

// someNumber is in no series for tests.
func someNumber() string { return passing(2, 4, 7, 0, 3, 9, 1, 5) }

func TestRules(t *testing.T) {
	t.Parallel()
	number := someNumber()
	checktest.Rules(t, source.Checker(), "testdata",
		"{{real}}", number, "{{masked}}", number[:2]+"*****"+number[7:], "{{at}}", "@", "{{six}}", "6",
		"{{trial}}", passing(9, 0, 0, 2, 6, 1, 5, 3))
}

// TestLayersAsSaid: what a team says of its folders wins over their names, and then the
// rules between layers hold as they are written.
func TestLayersAsSaid(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"fieldlab-check.yaml": "layers:\n  interactie: [web]\n  proces: [app/stappen]\n  diensten: [app/api]\n  gegevens: [app/opslag]\n",
		"web/zaak.ts":         "import { Opslag } from '../app/opslag/zaak';\nconst bag = 'https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2';\n",
		"app/stappen/een.py":  "from app.api import zaken\nfrom app.opslag.zaak import Zaak\n",
		"app/api/zaken.py":    "from ..opslag import zaak\n",
		"app/opslag/zaak.py":  "import os\nfrom ..api.zaken import lijst\n",
		"gateways/bag.py":     "BAG = 'https://api.bag.kadaster.nl/lvbag/individuelebevragingen/v2'\n",
	}
	want := []string{
		"layer-source-address web/zaak.ts:2 layer api.bag.kadaster.nl BAG interactie",
		"layer-import app/opslag/zaak.py:2 gegevens diensten app/api/zaken",
		"layer-import app/stappen/een.py:1 proces diensten app/api",
		"layer-import app/stappen/een.py:2 proces gegevens app/opslag/zaak",
		"layer-import web/zaak.ts:1 interactie gegevens app/opslag/zaak",
	}
	if got := checktest.Lines(checktest.Run(t, files, source.Checker()), ""); !slices.Equal(got, want) {
		t.Errorf("found\n%s\nexpected\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestIdle: where there is nothing to look at, nothing is said to be met.
func TestIdle(t *testing.T) {
	t.Parallel()
	for _, v := range checktest.Run(t, map[string]string{"README.md": "# Niets\n", "a.py": "x = 1\n"}, source.Checker()).Verdicts {
		if strings.HasPrefix(v.Rule.ID, "check-") || v.Rule.ID == "layer-source-address" || v.Rule.ID == "layer-point-to-point" {
			continue
		}
		if v.Rule.By == check.Files && v.Outcome != check.Idle {
			t.Errorf("%s is %s", v.Rule.ID, v.Outcome)
		}
	}
}
