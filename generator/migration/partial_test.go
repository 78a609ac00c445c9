package migration

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// TestPartialDateToText: an incomplete date becomes what people write, and not how
// it is kept, which nobody can read.
func TestPartialDateToText(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"text", "longtext", "email"} {
		c, fits := conversionOf(&model.Field{Type: "onvolledige-datum"}, &model.Field{Type: kind})
		if !fits || c.expression == nil {
			t.Fatalf("to %s: fits %v, and it is left as it is kept", kind, fits)
		}
		eachStore(t, func(t *testing.T, s *store) {
			for from, want := range map[string]string{
				"1985-03-12": "1985-03-12", "1985-03-00": "1985-03", "1985-00-00": "1985", "2000-10-00": "2000-10", "0000-00-00": "onbekend",
			} {
				var got string
				if err := s.db.QueryRowContext(t.Context(), "SELECT "+c.expression(s.d, quote.SQL(from))).Scan(&got); err != nil || got != want {
					t.Errorf("%s: %q %v, want %q", from, got, err, want)
				}
			}
		})
	}
}
