package outway

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
)

func TestChoicesAreSortedAndHaveALabel(t *testing.T) {
	var asked string
	outway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.String()
		_, _ = w.Write([]byte(`{"results":[{"id":"2","naam":"zuid"},{"id":"1","naam":"Noord"},{"id":"3"},{"naam":"zonder id"}]}`))
	}))
	defer outway.Close()
	o, err := NewOutway(outway.URL, map[string]string{"eigen": "hash"}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := NewServices(o, "eigen", "", logboek.Activity{Name: "proef"}, "").Choices(t.Context(), "wijken", "naam")
	if err != nil {
		t.Fatal(err)
	}
	if want := []Choice{{"3", "3"}, {"1", "Noord"}, {"2", "zuid"}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if asked != "/v1/wijken?pageSize=100" {
		t.Errorf("asked %s", asked)
	}
}
