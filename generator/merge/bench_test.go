package merge

import (
	"strings"
	"testing"
)

// BenchmarkForms merges real files on which both sides worked: far apart, so that
// lines are enough, and at one place, so that the form has to help.
func BenchmarkForms(b *testing.B) {
	files := realFiles(b)
	for name, places := range map[string][3]string{ // far from ours, of ours and theirs, and what theirs makes of it
		"1-gegevens/verhuizing.go": {"// Verhuizing is a row", "\t\t{SQL: \"toelichting\", JSON: \"toelichting\", Personal: true},\n", "\t\t{SQL: \"x\", JSON: \"x\"},\n"},
		"2-diensten/openapi.yaml":  {"openapi:", "        toelichting: {type: string,", "        x: {type: string}\n        toelichting: {type: string,"},
		"4-proces/openapi.yaml":    {"openapi:", "        toelichting: {type: string,", "        x: {type: string}\n        toelichting: {type: string,"},
		"4-proces/proces.bpmn":     {"name=\"Start\"", "name=\"Verwerken in de BRP\"", "name=\"Verwerken in de BRP\" camunda:dueDate=\"P1D\""},
		"README.md":                {"# ", "\n## ", "\n## "},
	} {
		body := string(files[name])
		far := strings.Replace(body, places[0], places[0]+" X", 1)
		at := strings.Replace(body, places[1], strings.Replace(places[2], "x", "ours", -1)+places[1], 1)
		near := strings.Replace(body, places[1], strings.Replace(places[2], "x", "theirs", -1)+places[1], 1)
		for kind, ours := range map[string]string{"far": far, "near": at} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					Files(name, []byte(body), []byte(ours), []byte(near), labels)
				}
			})
		}
	}
}
