package merge

import "testing"

func TestWords(t *testing.T) {
	t.Parallel()
	names := map[string]string{
		"verhuizing": "aangifte", "verhuizingen": "aangiften", "Verhuizing": "Aangifte", "nieuw_adres": "adres", "nieuwAdres": "adres",
		"verhuizing-doorgeven": "aangifte-doen", "Bijzonder geval": "Gewoon geval", "Bijzonder": "Raar", "één": "twee",
		"De verhuizing zelf": "De verhuizing zelf",
	}
	for text, want := range map[string]string{
		"verhuizing":                            "aangifte",
		"verhuizingen en verhuizing":            "aangiften en aangifte",
		"verhuizingsdatum, inverhuizing":        "verhuizingsdatum, inverhuizing",
		"verhuizing_id verhuizing2 _verhuizing": "verhuizing_id verhuizing2 _verhuizing",
		"VERHUIZING VerhuizingInvoer":           "VERHUIZING VerhuizingInvoer",
		"&row.Verhuizing, []*Verhuizing{":       "&row.Aangifte, []*Aangifte{",
		"verhuizing-doorgeven":                  "aangifte-doen",
		"verhuizing-diensten":                   "verhuizing-diensten",
		"binnen-verhuizing":                     "binnen-verhuizing",
		"- verhuizing - x":                      "- aangifte - x",
		"verhuizing- en verhuisdatum":           "aangifte- en verhuisdatum",
		"/v1/verhuizingen/{verhuizingId}":       "/v1/aangiften/{verhuizingId}",
		`"\nverhuizing\tverhuizing"`:            `"\naangifte\taangifte"`,
		`"\\nverhuizing"`:                       `"\\nverhuizing"`,
		"Bijzonder geval, Bijzonder gevallen":   "Gewoon geval, Raar gevallen",
		"één éénmaal eén geeén":                 "twee éénmaal eén geeén",
		"caf\xe9verhuizing verhuizing\xe9":      "caf\xe9verhuizing verhuizing\xe9",
		"nieuw_adres nieuwAdres.postcode":       "adres adres.postcode",
		"De verhuizing zelf, De verhuizing":     "De verhuizing zelf, De aangifte",
		"":                                      "",
	} {
		if got := string(Words([]byte(text), names)); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	// What was put in is not looked at again.
	if got := string(Words([]byte("a b"), map[string]string{"a": "b", "b": "a", "": "x"})); got != "b a" {
		t.Errorf("a swap gives %q", got)
	}
}
