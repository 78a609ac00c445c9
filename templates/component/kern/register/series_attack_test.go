package register

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// TestHostileSeries: what is no list of requests is refused, and breaks nothing.
func TestHostileSeries(t *testing.T) {
	a := newAPI(t)
	good := `{"methode":"POST","pad":"/v1/dingen","inhoud":{"naam":"een"}}`
	refused := func(parts string) {
		t.Helper()
		a.series(400, parts)
		if n := a.rows(); n != [3]int{} {
			t.Fatalf("%s leaves %v", parts, n)
		}
	}
	for _, bad := range []string{
		`{"methode":"POST","pad":"/v1/verwerkingen","inhoud":[null],"vul":{"zaak":"0.id"}}`,
		`{"methode":"POST","pad":"/v1/verwerkingen","inhoud":[null],"vul":{"zaak":"0.id"},"duurt":true}`,
		`{"methode":"POST","pad":"/v1/verwerkingen","inhoud":[[1]],"vul":{"zaak":"0.id"}}`,
		`{"methode":"POST","pad":"/v1/verwerkingen","vul":{"zaak":"0.id"}}`,
		`{"methode":"POST","pad":"/v1/verwerkingen","inhoud":null,"vul":{"zaak":"0.id"}}`,
		`{"methode":"POST","pad":"/v1/zaken","inhoud":null,"vul":{"zaak":"0.id"}}`,
		`{"methode":"GET","pad":"/v1/zaken/{0.id}/../x"}`, `{"methode":"GET","pad":"/v1//zaken/x"}`, `{"methode":"GET","pad":"/v1/zaken/{-1.id}"}`, `{"methode":"GET","pad":"/v1/zaken/{0#}"}`,
		`{"methode":"GET","pad":"/v1/zaken/{1.id}"}`, `{"methode":"get","pad":"/v1/zaken/x"}`,
		`{"methode":"HEAD","pad":"/v1/zaken/` + uuid.NewString() + `"}`, `{"methode":"CONNECT","pad":"/v1/zaken/x"}`, `{"methode":"GET","pad":"/v1/zaken/"}`, `{"methode":"GET","pad":"/v1/zaken/."}`,
	} {
		refused(good + "," + bad)
	}
	// Whatever comes into a path, it is of one record.
	for _, odd := range []string{"a b", "a\x01", "é", "a;b", "a&b=1", "..;", "{", "}", "{0.{0.id}}"} {
		raw, _ := json.Marshal("/v1/dingen/" + odd)
		got := a.series(200, good+`,{"methode":"GET","pad":`+string(raw)+`}`)
		if got.Failed == nil || *got.Failed != 1 || a.rows() != [3]int{} {
			t.Errorf("%q: %+v", odd, got)
		}
	}
	// Headers of who asks are those of the whole.
	for _, name := range []string{"Authorization", "Fsc-Authorization", "Component-Token", "Fsc-Grant-Hash", "Accept", "Cookie", "Host", "X-Forwarded-For", "Traceparent", "idempotency-key"} {
		got := a.series(200, fmt.Sprintf(`{"methode":"POST","pad":"/v1/dingen","headers":{%q:"x"},"inhoud":{"naam":"een"}}`, name))
		if got.Failed != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
	// Nor does a key of the whole become one of a part.
	for range 2 {
		if got := a.series(200, good, "Idempotency-Key: "+strings.Repeat("k", 20)); got.Answers[0].Status != 201 {
			t.Errorf("%+v", got)
		}
	}
}
