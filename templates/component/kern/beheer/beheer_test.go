package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/openfsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/pki"
)

const consumer, provider = "00000099000000001000", "00000099000000002000"

var thumbprint = strings.Repeat("ab", 32)

// pair is a group of a consumer and a provider with everything running.
func pair(t *testing.T) *group {
	g := newGroup(t, consumer, provider)
	g.component(consumer, "eigen-"+provider)
	g.component(provider, "eigen-"+consumer)
	for _, p := range g.peers {
		p.outways = []map[string]any{{"name": "andere", "public_key_thumbprint": strings.Repeat("00", 32)}, {"name": "proef-outway", "public_key_thumbprint": thumbprint}}
		p.inways = []map[string]any{{"name": "proef-inway", "address": "https://inway.proef.test:443"}}
	}
	return g
}

// do runs a command as the peer and checks its exit code.
func (g *group) do(code int, oin string, args ...string) (out, errOut string) {
	g.t.Helper()
	var o, e bytes.Buffer
	env := func(string) string { return "" }
	args = append(args, "--map", g.peers[oin].folder, "--wacht", "0s")
	if got := run(context.Background(), args, env, &o, &e); got != code {
		g.t.Fatalf("%v gives %d, want %d\n%s%s", args, got, code, o.String(), e.String())
	}
	return o.String(), e.String()
}

func contains(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, want := range wanted {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// TestOnboarding goes through the six steps as both peers.
func TestOnboarding(t *testing.T) {
	g := pair(t)
	service := "eigen-" + provider

	_, said := g.do(exitOK, provider, "publiceer")
	contains(t, said, "staat in de controller", "is gepubliceerd")
	_, said = g.do(exitOK, provider, "publiceer")
	if strings.Contains(said, "voorgesteld") || len(g.contracts) != 1 || len(g.peers[provider].services) != 1 {
		t.Errorf("the second time something was made: %s", said)
	}

	_, said = g.do(exitWaiting, consumer, "verbind", service)
	contains(t, said, "is voorgesteld", "heeft het nog niet aanvaard", "accepteer --opnieuw --afnemer "+consumer)
	g.do(exitWaiting, consumer, "verbind", service)
	g.do(exitWaiting, consumer, "lees-grant-hash", service)
	if len(g.contracts) != 2 {
		t.Fatalf("verbind twice made %d contracts", len(g.contracts)-1)
	}

	listed, _ := g.do(exitOK, provider, "accepteer")
	contains(t, listed, consumer+" vraagt "+service, "--afnemer "+consumer)
	_, said = g.do(exitOK, provider, "accepteer", "--afnemer", consumer)
	contains(t, said, "Aanvaard: "+service)
	g.do(exitFailed, provider, "accepteer", "--afnemer", consumer) // nothing is left to accept

	g.do(exitOK, consumer, "verbind", service)
	grant := g.contracts[1].content.Grants[0].Hash
	raw, err := os.ReadFile(filepath.Join(g.peers[consumer].folder, ".data", "grants.env"))
	g.must(err)
	until := time.Unix(g.contracts[1].content.Validity.NotAfter, 0).UTC().Format(time.DateOnly)
	if want := "FSC_GRANT_HASH_BRON=" + strings.ReplaceAll(grant, "$", "$$") + "\nFSC_GRANT_HASH_BRON_TOT=" + until + "\n"; string(raw) != want {
		t.Errorf("grants.env is %q, want %q", raw, want)
	}
	for format, want := range map[string]string{
		"sh":         "export FSC_GRANT_HASH_BRON='" + grant + "'\nexport FSC_GRANT_HASH_BRON_TOT='" + until + "'\n",
		"powershell": "$env:FSC_GRANT_HASH_BRON = '" + grant + "'\n$env:FSC_GRANT_HASH_BRON_TOT = '" + until + "'\n",
		"letterlijk": "FSC_GRANT_HASH_BRON=" + grant + "\nFSC_GRANT_HASH_BRON_TOT=" + until + "\n",
	} {
		if out, _ := g.do(exitOK, consumer, "lees-grant-hash", service, "--vorm", format); out != want {
			t.Errorf("%s gives %q, want %q", format, out, want)
		}
	}
	if strings.Contains(string(raw), g.contracts[1].hash) || len(g.contracts) != 2 {
		t.Errorf("the hash of the contract was taken, or a contract was made: %d", len(g.contracts))
	}
}

// TestHashThatIsACommand: what the Manager gives as a hash is run by no shell;
// PowerShell takes a curly quote for a straight one.
func TestHashThatIsACommand(t *testing.T) {
	g := pair(t)
	service := "eigen-" + provider
	g.do(exitOK, provider, "publiceer")
	g.do(exitWaiting, consumer, "verbind", service)
	g.do(exitOK, provider, "accepteer", "--afnemer", consumer)
	for _, hash := range []string{"", "$1$3$x\u2019;calc;\u2018", "$1$3$x';id;'", "$1$3$x\x1b[2J", "$1$3$x`id`", "$1$3$$(id)", "id", g.contracts[1].hash} {
		g.contracts[1].content.Grants[0].Hash = hash
		for _, format := range []string{"sh", "powershell", "compose", "letterlijk"} {
			if out, said := g.do(exitFailed, consumer, "lees-grant-hash", service, "--vorm", format); out != "" || !strings.Contains(said, "geen bruikbare hash") {
				t.Errorf("%q: %q, %s", hash, out, said)
			}
		}
	}
}

// TestOwnService: both sides are our own peer, so nobody else has to accept.
func TestOwnService(t *testing.T) {
	g := pair(t)
	g.do(exitWaiting, consumer, "verbind", "alle")
	raw, err := os.ReadFile(filepath.Join(g.peers[consumer].folder, ".data", "grants.env"))
	g.must(err)
	contains(t, string(raw), "FSC_GRANT_HASH_EIGEN=$$1$$3$$")
	if strings.Contains(string(raw), "BRON") || g.peers[consumer].posts != 2 {
		t.Errorf("%d contracts, %s", g.peers[consumer].posts, raw)
	}
}

// TestOwnServiceAccepted: a Manager that wants to be told even so is told.
func TestOwnServiceAccepted(t *testing.T) {
	g := pair(t)
	g.strict = true
	g.do(exitOK, consumer, "verbind", "eigen-"+consumer)
	if len(g.contracts) != 1 || len(g.contracts[0].accept[consumer]) == 0 {
		t.Errorf("%d contracts, accepted by %v", len(g.contracts), g.contracts[0].accept)
	}
}

// TestSuccessor: a contract that ends soon gets one successor, and stays in use
// until that is valid.
func TestSuccessor(t *testing.T) {
	g := pair(t)
	service := "eigen-" + provider
	g.do(exitWaiting, consumer, "verbind", service)
	g.do(exitOK, provider, "accepteer", "--afnemer", consumer)
	g.do(exitOK, consumer, "verbind", service)
	first := g.contracts[0]
	first.content.CreatedAt -= 25 * 24 * 3600
	first.content.Validity = openfsc.Validity{NotBefore: time.Now().Unix() - 25*24*3600, NotAfter: time.Now().Unix() + 5*24*3600}

	said, _ := g.do(exitFailed, consumer, "controleer")
	contains(t, said, service+": het contract loopt af op")
	g.do(exitWaiting, consumer, "verbind", service)
	g.do(exitWaiting, consumer, "verbind", service)
	if out, _ := g.do(exitOK, consumer, "lees-grant-hash", service, "--vorm", "letterlijk"); len(g.contracts) != 2 || !strings.Contains(out, first.content.Grants[0].Hash) {
		t.Errorf("%d contracts, %s", len(g.contracts), out)
	}
	g.do(exitOK, provider, "accepteer", "--afnemer", consumer)
	g.do(exitOK, consumer, "verbind", service)
	if out, _ := g.do(exitOK, consumer, "lees-grant-hash", service, "--vorm", "letterlijk"); !strings.Contains(out, g.contracts[1].content.Grants[0].Hash) {
		t.Errorf("the old one is still in use: %s", out)
	}
	g.do(exitOK, consumer, "controleer")
}

// TestManyContracts: what is looked for is on a later page. A new key of the
// outway needs a new contract.
func TestManyContracts(t *testing.T) {
	g := pair(t)
	service := "eigen-" + provider
	for range 3 {
		g.do(exitWaiting, consumer, "verbind", service)
		g.contracts[len(g.contracts)-1].reject = true
	}
	g.do(exitWaiting, consumer, "verbind", service)
	g.do(exitWaiting, consumer, "verbind", service)
	g.do(exitOK, provider, "accepteer", "--afnemer", consumer)
	g.do(exitOK, consumer, "verbind", service)
	if len(g.contracts) != 4 {
		t.Errorf("%d contracts", len(g.contracts))
	}
	g.peers[consumer].outways[1]["public_key_thumbprint"] = strings.Repeat("cd", 32)
	g.do(exitWaiting, consumer, "verbind", service)
	if len(g.contracts) != 5 {
		t.Errorf("a new key of the outway gives %d contracts", len(g.contracts))
	}
}

// TestLostSignature: the provider accepted and the consumer does not know it.
func TestLostSignature(t *testing.T) {
	g := pair(t)
	service := "eigen-" + provider
	g.do(exitWaiting, consumer, "verbind", service)
	g.lost = true
	g.do(exitOK, provider, "accepteer", "--afnemer", consumer)
	g.do(exitWaiting, consumer, "verbind", service)
	_, said := g.do(exitOK, provider, "accepteer", "--afnemer", consumer, "--opnieuw")
	contains(t, said, "Opnieuw gestuurd")
	g.do(exitOK, consumer, "verbind", service)
	if len(g.contracts) != 1 {
		t.Errorf("%d contracts", len(g.contracts))
	}
}

// TestRefused: after a refusal the next run proposes a new contract.
func TestRefused(t *testing.T) {
	g := pair(t)
	service := "eigen-" + provider
	g.do(exitWaiting, consumer, "verbind", service)
	g.contracts[0].reject = true
	_, said := g.do(exitFailed, consumer, "lees-grant-hash", service)
	contains(t, said, "er is geen contract", "verbind "+service)
	g.do(exitWaiting, consumer, "verbind", service)
	if len(g.contracts) != 2 {
		t.Errorf("%d contracts", len(g.contracts))
	}
}

// TestStrangeRequests: what another peer asks is judged as a whole.
func TestStrangeRequests(t *testing.T) {
	day := int64(24 * 3600)
	for name, change := range map[string]func(*openfsc.Content){
		"andere FSC-groep":     func(c *openfsc.Content) { c.GroupID = "andere" },
		"hash-algoritme":       func(c *openfsc.Content) { c.HashAlgorithm = "MD5" },
		"langer dan drie jaar": func(c *openfsc.Content) { c.Validity.NotAfter = c.Validity.NotBefore + 4*366*day },
		"verlopen":             func(c *openfsc.Content) { c.Validity.NotAfter = time.Now().Unix() - day },
		"2 rechten":            func(c *openfsc.Content) { c.Grants = append(c.Grants, c.Grants[0]) },
		"dienst van een ander": func(c *openfsc.Content) { c.Grants[0].Service.PeerID = directoryOIN },
		"niet bij aangeboden":  func(c *openfsc.Content) { c.Grants[0].Service.Name = "geheim" },
		"sleutel van een outway": func(c *openfsc.Content) {
			c.Grants[0].Outway.Identification.Type = "OUTWAY_IDENTIFICATION_TYPE_DOMAIN_NAME"
		},
		"gewone verbinding": func(c *openfsc.Content) { c.Grants[0].Service.Type = "SERVICE_TYPE_DELEGATED_SERVICE" },
	} {
		t.Run(name, func(t *testing.T) {
			g := pair(t)
			g.do(exitWaiting, consumer, "verbind", "eigen-"+provider)
			change(&g.contracts[0].content)
			if name == "dienst van een ander" { // still on the contract, as the directory of another grant
				g.contracts[0].content.Grants[0].Directory.PeerID = provider
			}
			listed, _ := g.do(exitOK, provider, "accepteer")
			contains(t, listed, "niet aanvaarden: ", name)
			_, said := g.do(exitFailed, provider, "accepteer", "--afnemer", consumer)
			contains(t, said, name)
			if len(g.contracts[0].accept[provider]) > 0 {
				t.Error("it was accepted all the same")
			}
		})
	}
}

// TestPlaceholders: nothing is sent while something is not filled in, and the
// message names the place and who knows it.
func TestPlaceholders(t *testing.T) {
	g := pair(t)
	g.component(consumer, "eigen-"+provider, "groep: proefgroep", `groep: ""`, `oin: "00000099000000005000"`, `oin: ""`, `oin: "00000099000000002000"`, `oin: ""`)
	_, said := g.do(exitFailed, consumer, "verbind", "eigen-"+provider)
	contains(t, said, "<groep> is niet ingevuld", "de beheerder van de FSC-groep weet het", "<aanbieder.oin> is niet ingevuld")
	_, said = g.do(exitFailed, consumer, "publiceer")
	contains(t, said, "<directory.oin> is niet ingevuld")
	said, _ = g.do(exitFailed, consumer, "controleer")
	contains(t, said, "Voor publiceren:", "<directory.oin>", "Voor verbinden met eigen-"+provider+":", "<aanbieder.oin>")
	if g.peers[consumer].posts != 0 {
		t.Errorf("%d contracts were sent", g.peers[consumer].posts)
	}
	// The same for a file that somebody edited.
	file := filepath.Join(g.peers[provider].folder, "deploy", "openfsc", "contracten", "verbinding.json")
	for was, is := range map[string]string{
		`"type": "SERVICE_TYPE_SERVICE", `: "", `"name": "eigen-` + consumer: `"name": "iets`, `"grants": [`: `"grants": [], "x": [`, `SHA3_512`: `SHA256`,
	} {
		g.must(os.WriteFile(file, []byte(strings.Replace(strings.ReplaceAll(connectionContract, "DIENST", "eigen-"+consumer), was, is, 1)), 0o600))
		_, said = g.do(exitFailed, provider, "verbind", "eigen-"+consumer)
		contains(t, said, "verbinding.json: ")
	}
	if g.peers[provider].posts != 0 {
		t.Errorf("%d contracts were sent", g.peers[provider].posts)
	}
}

// TestNothingReported: outway or inway have not reported to the controller.
func TestNothingReported(t *testing.T) {
	g := pair(t)
	p := g.peers[consumer]
	p.outways = p.outways[:1]
	_, said := g.do(exitFailed, consumer, "verbind", "eigen-"+provider)
	contains(t, said, `"proef-outway"`, "wel andere")
	p.outways, p.inways = nil, nil
	_, said = g.do(exitFailed, consumer, "verbind", "eigen-"+provider)
	contains(t, said, "nog geen outway gemeld")
	_, said = g.do(exitWaiting, consumer, "publiceer")
	contains(t, said, "precies het adres https://inway.proef.test:443", "SELF_ADDRESS")
}

// TestAccess: the wrong certificate, address or port, with the next step.
func TestAccess(t *testing.T) {
	g := pair(t)
	other := filepath.Join(g.peers[provider].folder, ".data", "pki", "intern")
	own := filepath.Join(g.peers[consumer].folder, ".data", "pki", "intern")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no file":       {[]string{"--certificaat", "weg.pem"}, "--certificaat"},
		"other chain":   {[]string{"--certificaat", filepath.Join(other, "beheer.pem"), "--sleutel", filepath.Join(other, "beheer.key")}, "intern certificaat"},
		"other CA":      {[]string{"--ca", filepath.Join(other, "ca.pem")}, "interne CA"},
		"nothing there": {[]string{"--manager", "https://127.0.0.1:1"}, "luistert niets"},
		"controller":    {[]string{"--manager", g.peers[consumer].controller.URL}, "9443 is de goede"},
		"no TLS":        {[]string{"--manager", "http://127.0.0.1:1"}, "alleen TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			_, said := g.do(exitFailed, consumer, append([]string{"lees-grant-hash", "eigen-" + provider}, c.args...)...)
			contains(t, said, c.want)
		})
	}
	_, said := g.do(exitFailed, consumer, "verbind", "eigen-"+provider, "--controller", g.peers[consumer].manager.URL)
	contains(t, said, "9444 is de goede")
	if _, err := os.Stat(own); err != nil {
		t.Error(err)
	}
}

// TestUse: help, commands and flags that do not exist, another folder.
func TestUse(t *testing.T) {
	g := pair(t)
	out, _ := g.do(exitOK, consumer, "--help")
	for _, o := range commands() {
		contains(t, out, o.name)
	}
	g.do(exitUsage, consumer, "doe-iets")
	g.do(exitUsage, consumer, "publiceer", "--onbekend")
	g.do(exitFailed, consumer, "publiceer", "iets")
	_, said := g.do(exitFailed, consumer, "verbind", "onbekend")
	contains(t, said, `"onbekend" staat niet bij afgenomen`, "eigen-"+provider)
	_, said = g.do(exitFailed, consumer, "controleer", "--fsc", "weg.yaml")
	contains(t, said, "--map")
	said, progress := g.do(exitOK, consumer, "controleer")
	contains(t, said+progress, "De manager antwoordt", "proef-outway heeft zich gemeld", "Alles is ingevuld")
}

// TestCertificates makes both chains, checks them as a peer would, and leaves
// what is there alone.
func TestCertificates(t *testing.T) {
	g := pair(t)
	p := g.peers[consumer]
	g.must(os.RemoveAll(filepath.Join(p.folder, ".data")))
	out, _ := g.do(exitOK, consumer, "certificaten", "--algoritme", "ecdsa")
	for chain, names := range map[string][]string{"groep": {"outway", "inway", "manager"}, "intern": {"outway", "inway", "manager", "controller", "txlog", "beheer"}} {
		folder := filepath.Join(p.folder, ".data", "pki", chain)
		pool, err := pki.ReadPool(filepath.Join(folder, "ca.pem"))
		g.must(err)
		for _, name := range names {
			leaf := read(t, filepath.Join(folder, name+".pem"))
			if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil || leaf.Subject.SerialNumber != consumer || leaf.Subject.Organization[0] != "Proef" {
				t.Errorf("%s/%s: %v, %v", chain, name, leaf.Subject, err)
			}
			if info, err := os.Stat(filepath.Join(folder, name+".key")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("%s/%s.key: %v, %v", chain, name, info, err)
			}
		}
	}
	outway := read(t, filepath.Join(p.folder, ".data", "pki", "groep", "outway.pem"))
	contains(t, out, pki.PublicKeyThumbprint(outway))
	if err := outway.VerifyHostname("outway.proef.test"); err != nil {
		t.Error(err)
	}
	if again, _ := g.do(exitOK, consumer, "certificaten"); !strings.Contains(again, pki.PublicKeyThumbprint(outway)) {
		t.Errorf("the second time gives other certificates: %s", again)
	}
	if fresh, _ := g.do(exitOK, consumer, "certificaten", "--nieuw", "--algoritme", "ecdsa"); strings.Contains(fresh, pki.PublicKeyThumbprint(outway)) {
		t.Error("--nieuw keeps the key")
	}
	g.do(exitOK, consumer, "certificaten", "--proef", "--algoritme", "ecdsa")
	if _, err := os.Stat(filepath.Join(p.folder, ".data", "pki-proef", "aanbieder", "intern.key")); err != nil {
		t.Error(err)
	}
}

func read(t *testing.T, file string) *x509.Certificate {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
