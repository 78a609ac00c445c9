package nabootsing

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
)

func outwayIncomingRequest1(t *testing.T) {
	p := newRig(t)
	for _, service := range []string{"eigen-diensten", "adressen"} {
		resp := p.call(service, "PATCH", "/v1/a%2Fb/c?x=1&y=%20", `{"a":1}`, "If-Match", `"6"`)
		got := p.last()
		if got.service != service || got.method != "PATCH" || got.target != "/v1/a%2Fb/c?x=1&y=%20" || got.body != `{"a":1}` || got.header.Get("If-Match") != `"6"` {
			t.Errorf("%s got %+v", service, got)
		}
		if got.header.Get(fsc.HeaderGrant) != "" {
			t.Error("the grant hash is passed on")
		}
		if raw, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusTeapot || string(raw) != "thee" || resp.Header.Get("ETag") != `"7"` {
			t.Errorf("the client got %d %s", resp.StatusCode, raw)
		}
	}
}

func outwayIncomingRequest2(t *testing.T) {
	p := newRig(t)
	unknown := p.grants["adressen"][:len(p.grants["adressen"])-4] + "AAAA"
	for _, grant := range []string{"", "x", "discover", unknown} {
		p.refuses(p.call(grant, "POST", "/v1/zaken", ""), 400, "UNKNOWN_GRANT_HASH_IN_HEADER", domainOutway)
	}
	p.refuses(p.call("", "GET", "/v1/zaken", ""), 400, "UNKNOWN_GRANT_HASH_IN_HEADER", domainOutway)
	// The manager gives no token.
	p.Set("adressen", ContractRevoked)
	p.refuses(p.call("adressen", "GET", "/", ""), 403, "ACCESS_TOKEN_REFUSED", domainOutway)
	// There is no manager.
	p.service("straten.v2").tokenURL = "https://127.0.0.1:1/v1/token"
	p.refuses(p.call("straten.v2", "GET", "/", ""), 502, "MANAGER_UNREACHABLE", domainOutway)
	p.nothing()
	if n := len(p.Transactions()); n > 0 {
		t.Errorf("%d records for what was not sent", n)
	}
}

func outwayIncomingRequest3(t *testing.T) {
	p := newRig(t)
	p.gives(p.call("adressen", "GET", "/", ""), 418)
	inway := p.service("adressen").provider.servers[1]
	if err := inway.Close(); err != nil {
		t.Fatal(err)
	}
	p.refuses(p.call("adressen", "GET", "/", ""), 502, "INWAY_UNREACHABLE", domainOutway)
	p.gives(p.call("eigen-diensten", "GET", "/", ""), 418) // behind another inway
	p.Set("eigen-diensten", Unreachable)
	p.refuses(p.call("eigen-diensten", "GET", "/", ""), 502, "INWAY_UNREACHABLE", domainOutway)
	if n := len(p.arrived()); n != 2 {
		t.Errorf("%d calls arrived", n)
	}
}

func outwayTransactionLog1(t *testing.T) {
	p := newRig(t)
	p.call("adressen", "POST", "/v1/zaken?bsn=999993653", "999993653")
	// Two: also the inway had written by then.
	if got := p.last(); got.records != 2 {
		t.Errorf("%d records were written before the service was called", got.records)
	}
	want := Transaction{
		Peer: "00000099000000001000", Direction: "DIRECTION_OUTGOING", GrantHash: p.grants["adressen"], ServiceName: "adressen", CreatedAt: p.now(),
		Source:      Source{"SOURCE_TYPE_SOURCE", "00000099000000001000"},
		Destination: Destination{"DESTINATION_TYPE_DESTINATION", "00000099000000002000"},
	}
	got := p.Transactions()[0]
	want.ID = got.ID
	if got != want {
		t.Errorf("the record is %+v", got)
	}
	// Also of a call that then does not arrive.
	p.Set("adressen", Unreachable)
	p.call("adressen", "GET", "/", "")
	if n := len(p.Transactions()); n != 3 {
		t.Errorf("%d records", n)
	}
	if strings.Contains(p.log.String(), "999993653") {
		t.Error("what was asked is in the log")
	}
}

func outwayTransactionLog2(t *testing.T) {
	p := newRig(t)
	own := uuid.Must(uuid.NewV7()).String()
	for _, given := range []string{"", own} {
		var headers []string
		if given != "" {
			headers = []string{fsc.HeaderTransaction, given}
		}
		resp := p.call("eigen-diensten", "GET", "/", "", headers...)
		id, err := uuid.Parse(resp.Header.Get(fsc.HeaderTransaction))
		if err != nil || id.Version() != 7 || len(resp.Header.Values(fsc.HeaderTransaction)) != 1 ||
			p.last().header.Get(fsc.HeaderTransaction) != id.String() || given != "" && given != id.String() {
			t.Errorf("given %q, answered %q, passed on %q", given, resp.Header.Values(fsc.HeaderTransaction), p.last().header.Get(fsc.HeaderTransaction))
		}
	}
	before := len(p.arrived())
	for _, wrong := range []string{uuid.NewString(), "x", strings.ReplaceAll(own, "-", ""), "{" + own[1:]} {
		p.refuses(p.call("eigen-diensten", "GET", "/", "", fsc.HeaderTransaction, wrong), 400, "INVALID_LOG_RECORD_ID", domainOutway)
	}
	if len(p.arrived()) != before {
		t.Error("a call with a wrong id was sent")
	}
}

func outwayTransactionLog5(t *testing.T) {
	p := newRig(t)
	p.Set("adressen", LogBroken)
	p.refuses(p.call("adressen", "GET", "/", ""), 500, "TRANSACTION_LOG_WRITE_ERROR", domainOutway)
	p.nothing()
	p.Set("adressen", Normal)
	p.gives(p.call("adressen", "GET", "/", ""), 418)
}

func TestTheOutwayDoesNotSupportCONNECT(t *testing.T) {
	p := newRig(t)
	p.refuses(p.call("eigen-diensten", "CONNECT", "/", ""), 405, "ERROR_CODE_METHOD_UNSUPPORTED", domainOutway)
	p.nothing()
}

func TestTheOutwayLeavesPathAndQueryAlone(t *testing.T) {
	p := newRig(t)
	for _, target := range []string{
		"/", "/a/", "/a//b", "/a%2Fb", "/a%2fb", "/%2E%2E/x", "/a;b=1/c", "/a%20b?c=d+e", "/x?", "/x?a;b=1&c=%zz&&d", "/x?q=1&q=1", "/%7Ea~", "/*", "/é",
	} {
		for _, service := range []string{"eigen-diensten", "adressen"} {
			want := target
			p.call(service, "GET", target, "")
			if got := p.last().target; got != want && want != "/é" {
				t.Errorf("%s: %s arrives as %s", service, want, got)
			}
		}
	}
}

func TestATokenIsKeptUntilShortlyBeforeItsEnd(t *testing.T) {
	p := newRig(t)
	tokenOf := func() string {
		t.Helper()
		p.gives(p.call("adressen", "GET", "/", ""), 418)
		return p.last().header.Get(fsc.HeaderAuthorization)
	}
	first := tokenOf()
	p.later(tokenValid - tokenMargin - time.Second)
	if tokenOf() != first {
		t.Error("a token that is still good is not used again")
	}
	p.later(time.Second)
	second := tokenOf()
	if second == first {
		t.Error("a token is used until its very end")
	}
	// The tokens of one service say nothing about those of another.
	p.call("straten.v2", "GET", "/", "")
	if p.last().header.Get(fsc.HeaderAuthorization) == second {
		t.Error("two services share a token")
	}
}

func TestATokenThatTheInwayRefusesIsNotKept(t *testing.T) {
	p := newRig(t)
	p.gives(p.call("adressen", "GET", "/", ""), 418)
	d := p.service("adressen")
	wrong := *d.token.t
	wrong.bearer = []string{wrong.bearer[0] + "A"}
	d.token.t = &wrong
	p.refuses(p.call("adressen", "GET", "/", ""), 401, "ERROR_CODE_ACCESS_TOKEN_INVALID", domainInway)
	p.gives(p.call("adressen", "GET", "/", ""), 418)
}
