package toegang

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestTheSenderIsTheLastHopThatIsNotOurs(t *testing.T) {
	proxies, err := ReadProxies(" 10.0.0.0/8, 192.0.2.1,2001:db8:1::/48 ")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		from      string
		forwarded []string
		want      string
	}{
		{"198.51.100.7:1234", nil, "198.51.100.7/32"},
		{"198.51.100.7:1234", []string{"203.0.113.9"}, "198.51.100.7/32"}, // who is no proxy is not believed
		{"10.1.2.3:1", nil, "10.1.2.3/32"},
		{"10.1.2.3:1", []string{"203.0.113.9"}, "203.0.113.9/32"},
		{"10.1.2.3:1", []string{"8.8.8.8, 203.0.113.9, 10.9.9.9"}, "203.0.113.9/32"},             // 8.8.8.8 anybody can write
		{"10.1.2.3:1", []string{"8.8.8.8", "203.0.113.9,192.0.2.1"}, "203.0.113.9/32"},           // more headers are one
		{"10.1.2.3:1", []string{"203.0.113.9:5678, 192.0.2.1:443"}, "203.0.113.9/32"},            // some write the port
		{"10.1.2.3:1", []string{"2001:db8:2::5, 2001:db8:1::1"}, "2001:db8:2::/64"},              // one network is one sender
		{"10.1.2.3:1", []string{"[2001:db8:2::5]:80"}, "2001:db8:2::/64"},                        //
		{"[::ffff:10.1.2.3]:1", []string{"::ffff:203.0.113.9"}, "203.0.113.9/32"},                // IPv4 as IPv6
		{"10.1.2.3:1", []string{"203.0.113.9, unknown, 10.9.9.9"}, "10.9.9.9/32"},                // who wrote that is whom we know
		{"10.1.2.3:1", []string{"203.0.113.9, , 10.9.9.9"}, "10.9.9.9/32"},                       //
		{"10.1.2.3:1", []string{"10.1.1.1, 10.9.9.9"}, "10.1.1.1/32"},                            // somebody inside
		{"10.1.2.3:1", []string{strings.Repeat("10.0.0.1,", 90) + "10.0.0.1"}, "10.0.0.1/32"},    //
		{"10.1.2.3:1", []string{"203.0.113.9" + strings.Repeat(",10.0.0.1", 90)}, "10.0.0.1/32"}, // nobody has so many in a row
		{"@", []string{"203.0.113.9"}, "invalid Prefix"},                                         // a socket
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.from
		r.Header["X-Forwarded-For"] = c.forwarded
		if got := proxies.Sender(r); got.String() != c.want {
			t.Errorf("%s, %q: %s, want %s", c.from, c.forwarded, got, c.want)
		}
		if got := Proxies(nil).Sender(r); len(c.forwarded) > 0 && got != network(address(c.from)) {
			t.Errorf("%s, %q is believed without proxies: %s", c.from, c.forwarded, got)
		}
	}
}

func TestReadProxies(t *testing.T) {
	for text, want := range map[string]string{
		"geen": "[] <nil>", "10.0.0.0/8": "[10.0.0.0/8] <nil>", "10.1.2.3/8,": "[10.0.0.0/8] <nil>", "::1": "[::1/128] <nil>",
		"0.0.0.0/0": "iedereen", "::/0": "iedereen", "ingress": `"ingress" is geen netwerk`, "10.0.0.0/33": "is geen netwerk", "::ffff:10.0.0.0/104": "IPv4",
		"x,10.0.0.1,y": `"x" is geen netwerk of adres; "y" is geen netwerk of adres`,
	} {
		got, err := ReadProxies(text)
		if said := fmt.Sprint(got, err); !strings.Contains(said, want) {
			t.Errorf("%s: %s", text, said)
		}
	}
}

// FuzzSender: whatever stands in the header, a sender is one network, and never
// one that a stranger chose.
func FuzzSender(f *testing.F) {
	f.Add("10.0.0.1:1", "203.0.113.9, 10.0.0.2")
	f.Add("[fe80::1%eth0]:1", "::ffff:1.2.3.4%x,")
	f.Add("198.51.100.7:1", ",,,")
	proxies := Proxies{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fe80::/10")}
	f.Fuzz(func(t *testing.T, from, forwarded string) {
		r := &http.Request{RemoteAddr: from, Header: http.Header{"X-Forwarded-For": {forwarded}}}
		got, at := proxies.Sender(r), address(from)
		if !proxies.has(at) && got != network(at) {
			t.Errorf("%q makes itself %s", from, got)
		}
		if got.IsValid() && got != got.Masked() {
			t.Errorf("%s is more than one network", got)
		}
		_, _ = ReadProxies(forwarded)
	})
}

func TestALimitPerCaller(t *testing.T) {
	l := NewLimit(60)
	now := time.Now()
	l.now = func() time.Time { return now }
	one, two := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("2001:db8::/64")
	for i := range 60 {
		if l.OfSender(one) > 0 {
			t.Fatalf("request %d is refused", i)
		}
	}
	wait := l.OfSender(one)
	if wait <= 0 || wait > time.Second {
		t.Errorf("the 61st waits %s", wait)
	}
	for range 1000 { // being refused makes it no longer
		if again := l.OfSender(one); again > time.Second {
			t.Fatalf("who tries again waits %s", again)
		}
	}
	if l.OfSender(two) > 0 || l.OfAfnemer(&Afnemer{Name: "x"}) > 0 {
		t.Error("somebody else waits too")
	}
	now = now.Add(wait)
	if l.OfSender(one) > 0 {
		t.Error("who waited is refused")
	}
	if RetryAfter(time.Nanosecond) != "1" || RetryAfter(1500*time.Millisecond) != "2" {
		t.Error(RetryAfter(time.Nanosecond), RetryAfter(1500*time.Millisecond))
	}
	if NewLimit(0).OfSender(one) > 0 {
		t.Error("no limit limits")
	}
}

// TestALimitStaysSmall: a million addresses are not remembered, and who is busy is
// not forgotten because of them.
func TestALimitStaysSmall(t *testing.T) {
	l := NewLimit(2)
	busy := netip.MustParsePrefix("192.0.2.1/32")
	refused := 0
	for i := range 200_000 {
		l.OfSender(netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0, 0, byte(i >> 16), byte(i >> 8), byte(i)}), 64))
		if i%1000 == 0 && l.OfSender(busy) > 0 {
			refused++
		}
	}
	if n := len(l.recent) + len(l.earlier); n > 2*maxCallers {
		t.Errorf("%d callers are remembered", n)
	}
	if refused < 190 {
		t.Errorf("who is busy was refused %d times of 200", refused)
	}
}

func BenchmarkLimit(b *testing.B) {
	l := NewLimit(1_000_000_000)
	from := netip.MustParsePrefix("192.0.2.1/32")
	for b.Loop() {
		l.OfSender(from)
	}
}
