package nabootsing

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

func integrationConsumeService1(t *testing.T) {
	p := newRig(t)
	for service := range p.grants {
		p.gives(p.call(service, "GET", "/v1/zaken", ""), 418)
		if p.last().service != service {
			t.Errorf("%s arrives at %s", service, p.last().service)
		}
	}
}

func integrationConsumeService2(t *testing.T) {
	p := newRig(t)
	p.gives(p.call("eigen-diensten", "GET", "/v1/zaken", ""), 418) // there is a token
	before := len(p.arrived())
	p.Set("eigen-diensten", ContractRevoked)
	p.refuses(p.call("eigen-diensten", "GET", "/v1/zaken", ""), 403, "ACCESS_TOKEN_REFUSED", domainOutway)
	p.Set("eigen-diensten", Normal)
	p.later(100 * 365 * 24 * time.Hour) // the contract is over
	p.refuses(p.call("eigen-diensten", "GET", "/v1/zaken", ""), 403, "ACCESS_TOKEN_REFUSED", domainOutway)
	if len(p.arrived()) != before {
		t.Error("something was sent")
	}
}

func integrationTransactionLog1(t *testing.T) {
	p := newRig(t)
	resp := p.call("adressen", "GET", "/", "")
	log := p.Transactions()
	if len(log) != 2 {
		t.Fatalf("%d records", len(log))
	}
	out, in := log[0], log[1]
	if out.Direction != "DIRECTION_OUTGOING" || out.Peer != out.Source.OutwayPeerID || in.Direction != "DIRECTION_INCOMING" || in.Peer != in.Destination.ServicePeerID {
		t.Errorf("the sides are %+v and %+v", out, in)
	}
	if out.ID != resp.Header.Get(fsc.HeaderTransaction) {
		t.Errorf("the client got another id than %s", out.ID)
	}
	in.Peer, in.Direction = out.Peer, out.Direction
	if in != out {
		t.Errorf("the records differ: %+v and %+v", out, in)
	}
}

func TestHowASourceIsMadeToFail(t *testing.T) {
	p := newRig(t)
	for b, status := range map[Behaviour]int{NotFound: 404, NotAuthorised: 401, TooOften: 429, Outage: 503, Normal: 0} {
		p.Set("adressen", b)
		p.call("adressen", "GET", "/", "")
		if got := p.last().status; got != status {
			t.Errorf("%s: the source is told %d", b, got)
		}
		if p.Set("eigen-diensten", b); status != 0 {
			p.gives(p.call("eigen-diensten", "GET", "/", ""), status)
		}
	}
}

func TestASlowService(t *testing.T) {
	p := newRig(t)
	p.gives(p.call("adressen", "GET", "/", ""), 418)
	p.Set("adressen", Slow)
	begin := time.Now()
	p.gives(p.call("adressen", "GET", "/", ""), 418)
	if took := time.Since(begin); took < p.delay {
		t.Errorf("answered in %s", took)
	}
	// Who does not wait is gone, and the service is not called.
	p.delay = time.Hour
	before := len(p.arrived())
	outway := httptest.NewServer(p)
	defer outway.Close()
	req, err := http.NewRequestWithContext(t.Context(), "GET", outway.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set(fsc.HeaderGrant, p.grants["adressen"])
	client := &http.Client{Timeout: 100 * time.Millisecond}
	if resp, err := client.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Error("a slow service answers in time")
	}
	if len(p.arrived()) != before {
		t.Error("the service is called for nobody")
	}
}

func TestTheStandInSaysWhatItIs(t *testing.T) {
	p := newRig(t)
	if first, _, _ := strings.Cut(p.log.String(), "\n"); !strings.Contains(first, "nabootsing") {
		t.Errorf("the log begins with %s", first)
	}
	p.call("adressen", "GET", "/adressen?postcode=1234AB", "")
	for range maxRecent + 5 { // the pages ask our own service often, which must not hide a source
		p.call("eigen-diensten", "GET", "/v1/zaken", "")
	}
	if calls := p.Recent(); len(calls) != maxRecent+1 || calls[maxRecent].Service != "adressen" {
		t.Errorf("%d calls are remembered", len(calls))
	}
	if parts := p.calls(); len(parts[0].Calls) != 1 || len(parts[1].Calls) != maxRecent {
		t.Errorf("the page shows %d calls of sources and %d of our own", len(parts[0].Calls), len(parts[1].Calls))
	}
	resp := p.call("", "GET", "/", "")
	page, _ := io.ReadAll(resp.Body)
	_, body, _ := strings.Cut(string(page), "<body>")
	if i := strings.Index(body, firstLine); i < 0 || i > 40 || !strings.Contains(body, "adressen") || strings.Contains(body, "1234AB") {
		t.Errorf("the page is %s", page)
	}
	if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(string(page), "<style>"+pageCSS+"</style>") {
		t.Errorf("the style of the page is not what its policy allows: %s", policy)
	}
	if _, err := New(Options{Production: true}); err == nil {
		t.Error("the stand-in starts in production")
	}
}

func TestTheSwitchesByHand(t *testing.T) {
	p := newRig(t)
	form := func(body string, headers ...string) int {
		return p.call("", "POST", "/nabootsing/gedrag", body, append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...).StatusCode
	}
	if got := form("dienst=straten.v2&gedrag=teVaak"); got != 303 || p.service("straten.v2").behaviour.is() != TooOften {
		t.Errorf("the form gives %d", got)
	}
	for body, want := range map[string]int{"dienst=x&gedrag=traag": 400, "dienst=adressen&gedrag=x": 400, "": 400} {
		if got := form(body); got != want {
			t.Errorf("%q gives %d", body, got)
		}
	}
	if got := form("dienst=adressen&gedrag=traag", "Origin", "https://elders.test", "Sec-Fetch-Site", "cross-site"); got != 403 || p.service("adressen").behaviour.is() != Normal {
		t.Errorf("another site turns a switch: %d", got)
	}
	put := func(service, body string) *http.Response {
		return p.call("", "PUT", "/nabootsing/diensten/"+service, body, "Content-Type", "application/json")
	}
	for _, g := range behaviourNames() {
		var got serviceState
		if err := json.NewDecoder(put("adressen", `{"gedrag":"`+g+`"}`).Body).Decode(&got); err != nil || got.Behaviour != g || got.Service != "adressen" || got.OIN != "00000099000000002000" {
			t.Errorf("%s gives %+v %v", g, got, err)
		}
	}
	if got := put("adressen", `{"gedrag":"contractIngetrokken"}`); got.StatusCode != 200 {
		t.Error(got.Status)
	}
	var now serviceState
	if err := json.NewDecoder(p.call("", "GET", "/nabootsing/diensten/adressen", "").Body).Decode(&now); err != nil || now.State != "CONTRACT_STATE_REVOKED" || now.GrantHash != p.grants["adressen"] {
		t.Errorf("%+v %v", now, err)
	}
	for body, want := range map[string]int{`{"gedrag":"x"}`: 400, `{"gedrag":"traag","x":1}`: 400, `x`: 400} {
		if got := put("adressen", body).StatusCode; got != want {
			t.Errorf("%s gives %d", body, got)
		}
	}
	if got := put("onbekend", `{"gedrag":"traag"}`).StatusCode; got != 404 {
		t.Errorf("an unknown service gives %d", got)
	}
	// With a grant hash the same path is one of the service.
	p.Set("adressen", Normal)
	p.gives(p.call("adressen", "PUT", "/nabootsing/diensten/adressen", `{"gedrag":"traag"}`), 418)
	var log []Transaction
	if err := json.NewDecoder(p.call("", "GET", "/nabootsing/transacties", "").Body).Decode(&log); err != nil || len(log) != 2 {
		t.Errorf("%+v %v", log, err)
	}
}

func TestTheTransactionLogIsBounded(t *testing.T) {
	var log transactionLog
	n := &StandIn{}
	for i := range maxTransactions + 10 {
		if err := n.transactions.write(Normal, Transaction{ServiceName: string(rune('a' + i%26)), CreatedAt: time.Unix(int64(i), 0)}); err != nil {
			t.Fatal(err)
		}
	}
	all := n.Transactions()
	if len(all) != maxTransactions || all[0].CreatedAt.Unix() != 10 || all[len(all)-1].CreatedAt.Unix() != maxTransactions+9 {
		t.Errorf("%d records from %s", len(all), all[0].CreatedAt)
	}
	if log.write(LogBroken, Transaction{}) == nil || len(log.records) > 0 {
		t.Error("a broken log writes")
	}
}

func TestCloseLeavesNothingRunning(t *testing.T) {
	before := runtime.NumGoroutine()
	p := newRig(t)
	p.call("adressen", "GET", "/", "")
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	p.down()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			buf := make([]byte, 1<<16)
			t.Fatalf("%d goroutines, %d before\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}

func TestPeersWithoutAnOIN(t *testing.T) {
	agreed, err := fsc.Read([]byte(strings.ReplaceAll(strings.ReplaceAll(peers, `oin: "00000099000000001000", `, ""), `oin: "00000099000000002000", `, "")))
	if err != nil {
		t.Fatal(err)
	}
	agreed.Group = ""
	grants := agreed.Grants(func(string) string { return "" }, false)
	p := newRig(t, func(o *Options) { o.FSC, o.Grants = agreed, grants })
	p.grants = grants
	for service := range grants {
		p.gives(p.call(service, "GET", "/", ""), 418)
	}
	if len(p.providers) != 2 {
		t.Errorf("%d peers", len(p.providers))
	}
}

func TestSettingsThatCannotBe(t *testing.T) {
	good, err := fsc.Read([]byte(peers))
	if err != nil {
		t.Fatal(err)
	}
	grants := good.Grants(func(string) string { return "" }, false)
	same := map[string]string{"eigen-diensten": grants["adressen"], "adressen": grants["adressen"]}
	for name, c := range map[string]struct {
		o    Options
		want string
	}{
		"address of layer 2":  {Options{FSC: good, Grants: grants, Own: "eigen-diensten", ServicesURL: "x"}, "DIENSTEN_URL"},
		"twice the same hash": {Options{FSC: good, Grants: same, Own: "eigen-diensten", ServicesURL: "http://localhost:1"}, "grant hash"},
	} {
		c.o.makeKey, c.o.Log = keys(), slog.New(slog.DiscardHandler)
		n, err := New(c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if n != nil {
			_ = n.Close()
		}
	}
}
