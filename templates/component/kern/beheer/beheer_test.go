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

const afnemer, aanbieder = "00000099000000001000", "00000099000000002000"

var thumbprint = strings.Repeat("ab", 32)

// twee is a group of a consumer and a provider with everything running.
func twee(t *testing.T) *groep {
	g := newGroep(t, afnemer, aanbieder)
	g.component(afnemer, "eigen-"+aanbieder)
	g.component(aanbieder, "eigen-"+afnemer)
	for _, p := range g.peers {
		p.outways = []map[string]any{{"name": "andere", "public_key_thumbprint": strings.Repeat("00", 32)}, {"name": "proef-outway", "public_key_thumbprint": thumbprint}}
		p.inways = []map[string]any{{"name": "proef-inway", "address": "https://inway.proef.test:443"}}
	}
	return g
}

// doe runs a command as the peer and checks its exit code.
func (g *groep) doe(code int, oin string, args ...string) (out, errOut string) {
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
	g := twee(t)
	dienst := "eigen-" + aanbieder

	_, said := g.doe(goed, aanbieder, "publiceer")
	contains(t, said, "staat in de controller", "is gepubliceerd")
	_, said = g.doe(goed, aanbieder, "publiceer")
	if strings.Contains(said, "voorgesteld") || len(g.contracts) != 1 || len(g.peers[aanbieder].services) != 1 {
		t.Errorf("the second time something was made: %s", said)
	}

	_, said = g.doe(wacht, afnemer, "verbind", dienst)
	contains(t, said, "is voorgesteld", "heeft het nog niet aanvaard", "accepteer --opnieuw --afnemer "+afnemer)
	g.doe(wacht, afnemer, "verbind", dienst)
	g.doe(wacht, afnemer, "lees-grant-hash", dienst)
	if len(g.contracts) != 2 {
		t.Fatalf("verbind twice made %d contracts", len(g.contracts)-1)
	}

	listed, _ := g.doe(goed, aanbieder, "accepteer")
	contains(t, listed, afnemer+" vraagt "+dienst, "--afnemer "+afnemer)
	_, said = g.doe(goed, aanbieder, "accepteer", "--afnemer", afnemer)
	contains(t, said, "Aanvaard: "+dienst)
	g.doe(mislukt, aanbieder, "accepteer", "--afnemer", afnemer) // nothing is left to accept

	g.doe(goed, afnemer, "verbind", dienst)
	grant := g.contracts[1].content.Grants[0].Hash
	raw, err := os.ReadFile(filepath.Join(g.peers[afnemer].folder, ".data", "grants.env"))
	g.must(err)
	if want := "FSC_GRANT_HASH_BRON=" + strings.ReplaceAll(grant, "$", "$$") + "\n"; string(raw) != want {
		t.Errorf("grants.env is %q, want %q", raw, want)
	}
	for vorm, want := range map[string]string{
		"sh": "export FSC_GRANT_HASH_BRON='" + grant + "'\n", "powershell": "$env:FSC_GRANT_HASH_BRON = '" + grant + "'\n",
		"letterlijk": "FSC_GRANT_HASH_BRON=" + grant + "\n",
	} {
		if out, _ := g.doe(goed, afnemer, "lees-grant-hash", dienst, "--vorm", vorm); out != want {
			t.Errorf("%s gives %q, want %q", vorm, out, want)
		}
	}
	if strings.Contains(string(raw), g.contracts[1].hash) || len(g.contracts) != 2 {
		t.Errorf("the hash of the contract was taken, or a contract was made: %d", len(g.contracts))
	}
}

// TestHashThatIsACommand: what the Manager gives as a hash is run by no shell;
// PowerShell takes a curly quote for a straight one.
func TestHashThatIsACommand(t *testing.T) {
	g := twee(t)
	dienst := "eigen-" + aanbieder
	g.doe(goed, aanbieder, "publiceer")
	g.doe(wacht, afnemer, "verbind", dienst)
	g.doe(goed, aanbieder, "accepteer", "--afnemer", afnemer)
	for _, hash := range []string{"", "$1$3$x\u2019;calc;\u2018", "$1$3$x';id;'", "$1$3$x\x1b[2J", "$1$3$x`id`", "$1$3$$(id)", "id", g.contracts[1].hash} {
		g.contracts[1].content.Grants[0].Hash = hash
		for _, vorm := range []string{"sh", "powershell", "compose", "letterlijk"} {
			if out, said := g.doe(mislukt, afnemer, "lees-grant-hash", dienst, "--vorm", vorm); out != "" || !strings.Contains(said, "geen bruikbare hash") {
				t.Errorf("%q: %q, %s", hash, out, said)
			}
		}
	}
}

// TestOwnService: both sides are our own peer, so nobody else has to accept.
func TestOwnService(t *testing.T) {
	g := twee(t)
	g.doe(wacht, afnemer, "verbind", "alle")
	raw, err := os.ReadFile(filepath.Join(g.peers[afnemer].folder, ".data", "grants.env"))
	g.must(err)
	contains(t, string(raw), "FSC_GRANT_HASH_EIGEN=$$1$$3$$")
	if strings.Contains(string(raw), "BRON") || g.peers[afnemer].posts != 2 {
		t.Errorf("%d contracts, %s", g.peers[afnemer].posts, raw)
	}
}

// TestOwnServiceAccepted: a Manager that wants to be told even so is told.
func TestOwnServiceAccepted(t *testing.T) {
	g := twee(t)
	g.streng = true
	g.doe(goed, afnemer, "verbind", "eigen-"+afnemer)
	if len(g.contracts) != 1 || len(g.contracts[0].accept[afnemer]) == 0 {
		t.Errorf("%d contracts, accepted by %v", len(g.contracts), g.contracts[0].accept)
	}
}

// TestSuccessor: a contract that ends soon gets one successor, and stays in use
// until that is valid.
func TestSuccessor(t *testing.T) {
	g := twee(t)
	dienst := "eigen-" + aanbieder
	g.doe(wacht, afnemer, "verbind", dienst)
	g.doe(goed, aanbieder, "accepteer", "--afnemer", afnemer)
	g.doe(goed, afnemer, "verbind", dienst)
	first := g.contracts[0]
	first.content.CreatedAt -= 25 * 24 * 3600
	first.content.Validity = openfsc.Geldigheid{NotBefore: time.Now().Unix() - 25*24*3600, NotAfter: time.Now().Unix() + 5*24*3600}

	said, _ := g.doe(mislukt, afnemer, "controleer")
	contains(t, said, dienst+": het contract loopt af op")
	g.doe(wacht, afnemer, "verbind", dienst)
	g.doe(wacht, afnemer, "verbind", dienst)
	if out, _ := g.doe(goed, afnemer, "lees-grant-hash", dienst, "--vorm", "letterlijk"); len(g.contracts) != 2 || !strings.Contains(out, first.content.Grants[0].Hash) {
		t.Errorf("%d contracts, %s", len(g.contracts), out)
	}
	g.doe(goed, aanbieder, "accepteer", "--afnemer", afnemer)
	g.doe(goed, afnemer, "verbind", dienst)
	if out, _ := g.doe(goed, afnemer, "lees-grant-hash", dienst, "--vorm", "letterlijk"); !strings.Contains(out, g.contracts[1].content.Grants[0].Hash) {
		t.Errorf("the old one is still in use: %s", out)
	}
	g.doe(goed, afnemer, "controleer")
}

// TestManyContracts: what is looked for is on a later page. A new key of the
// outway needs a new contract.
func TestManyContracts(t *testing.T) {
	g := twee(t)
	dienst := "eigen-" + aanbieder
	for range 3 {
		g.doe(wacht, afnemer, "verbind", dienst)
		g.contracts[len(g.contracts)-1].reject = true
	}
	g.doe(wacht, afnemer, "verbind", dienst)
	g.doe(wacht, afnemer, "verbind", dienst)
	g.doe(goed, aanbieder, "accepteer", "--afnemer", afnemer)
	g.doe(goed, afnemer, "verbind", dienst)
	if len(g.contracts) != 4 {
		t.Errorf("%d contracts", len(g.contracts))
	}
	g.peers[afnemer].outways[1]["public_key_thumbprint"] = strings.Repeat("cd", 32)
	g.doe(wacht, afnemer, "verbind", dienst)
	if len(g.contracts) != 5 {
		t.Errorf("a new key of the outway gives %d contracts", len(g.contracts))
	}
}

// TestLostSignature: the provider accepted and the consumer does not know it.
func TestLostSignature(t *testing.T) {
	g := twee(t)
	dienst := "eigen-" + aanbieder
	g.doe(wacht, afnemer, "verbind", dienst)
	g.verloren = true
	g.doe(goed, aanbieder, "accepteer", "--afnemer", afnemer)
	g.doe(wacht, afnemer, "verbind", dienst)
	_, said := g.doe(goed, aanbieder, "accepteer", "--afnemer", afnemer, "--opnieuw")
	contains(t, said, "Opnieuw gestuurd")
	g.doe(goed, afnemer, "verbind", dienst)
	if len(g.contracts) != 1 {
		t.Errorf("%d contracts", len(g.contracts))
	}
}

// TestRefused: after a refusal the next run proposes a new contract.
func TestRefused(t *testing.T) {
	g := twee(t)
	dienst := "eigen-" + aanbieder
	g.doe(wacht, afnemer, "verbind", dienst)
	g.contracts[0].reject = true
	_, said := g.doe(mislukt, afnemer, "lees-grant-hash", dienst)
	contains(t, said, "er is geen contract", "verbind "+dienst)
	g.doe(wacht, afnemer, "verbind", dienst)
	if len(g.contracts) != 2 {
		t.Errorf("%d contracts", len(g.contracts))
	}
}

// TestStrangeRequests: what another peer asks is judged as a whole.
func TestStrangeRequests(t *testing.T) {
	day := int64(24 * 3600)
	for name, change := range map[string]func(*openfsc.Inhoud){
		"andere FSC-groep":     func(c *openfsc.Inhoud) { c.GroupID = "andere" },
		"hash-algoritme":       func(c *openfsc.Inhoud) { c.HashAlgorithm = "MD5" },
		"langer dan drie jaar": func(c *openfsc.Inhoud) { c.Validity.NotAfter = c.Validity.NotBefore + 4*366*day },
		"verlopen":             func(c *openfsc.Inhoud) { c.Validity.NotAfter = time.Now().Unix() - day },
		"2 rechten":            func(c *openfsc.Inhoud) { c.Grants = append(c.Grants, c.Grants[0]) },
		"dienst van een ander": func(c *openfsc.Inhoud) { c.Grants[0].Service.PeerID = directoryOIN },
		"niet bij aangeboden":  func(c *openfsc.Inhoud) { c.Grants[0].Service.Name = "geheim" },
		"sleutel van een outway": func(c *openfsc.Inhoud) {
			c.Grants[0].Outway.Identification.Type = "OUTWAY_IDENTIFICATION_TYPE_DOMAIN_NAME"
		},
		"gewone verbinding": func(c *openfsc.Inhoud) { c.Grants[0].Service.Type = "SERVICE_TYPE_DELEGATED_SERVICE" },
	} {
		t.Run(name, func(t *testing.T) {
			g := twee(t)
			g.doe(wacht, afnemer, "verbind", "eigen-"+aanbieder)
			change(&g.contracts[0].content)
			if name == "dienst van een ander" { // still on the contract, as the directory of another grant
				g.contracts[0].content.Grants[0].Directory.PeerID = aanbieder
			}
			listed, _ := g.doe(goed, aanbieder, "accepteer")
			contains(t, listed, "niet aanvaarden: ", name)
			_, said := g.doe(mislukt, aanbieder, "accepteer", "--afnemer", afnemer)
			contains(t, said, name)
			if len(g.contracts[0].accept[aanbieder]) > 0 {
				t.Error("it was accepted all the same")
			}
		})
	}
}

// TestPlaceholders: nothing is sent while something is not filled in, and the
// message names the place and who knows it.
func TestPlaceholders(t *testing.T) {
	g := twee(t)
	g.component(afnemer, "eigen-"+aanbieder, "groep: proefgroep", `groep: ""`, `oin: "00000099000000005000"`, `oin: ""`, `oin: "00000099000000002000"`, `oin: ""`)
	_, said := g.doe(mislukt, afnemer, "verbind", "eigen-"+aanbieder)
	contains(t, said, "<groep> is niet ingevuld", "de beheerder van de FSC-groep weet het", "<aanbieder.oin> is niet ingevuld")
	_, said = g.doe(mislukt, afnemer, "publiceer")
	contains(t, said, "<directory.oin> is niet ingevuld")
	said, _ = g.doe(mislukt, afnemer, "controleer")
	contains(t, said, "Voor publiceren:", "<directory.oin>", "Voor verbinden met eigen-"+aanbieder+":", "<aanbieder.oin>")
	if g.peers[afnemer].posts != 0 {
		t.Errorf("%d contracts were sent", g.peers[afnemer].posts)
	}
	// The same for a file that somebody edited.
	file := filepath.Join(g.peers[aanbieder].folder, "deploy", "openfsc", "contracten", "verbinding.json")
	for was, is := range map[string]string{
		`"type": "SERVICE_TYPE_SERVICE", `: "", `"name": "eigen-` + afnemer: `"name": "iets`, `"grants": [`: `"grants": [], "x": [`, `SHA3_512`: `SHA256`,
	} {
		g.must(os.WriteFile(file, []byte(strings.Replace(strings.ReplaceAll(verbinding, "DIENST", "eigen-"+afnemer), was, is, 1)), 0o600))
		_, said = g.doe(mislukt, aanbieder, "verbind", "eigen-"+afnemer)
		contains(t, said, "verbinding.json: ")
	}
	if g.peers[aanbieder].posts != 0 {
		t.Errorf("%d contracts were sent", g.peers[aanbieder].posts)
	}
}

// TestNothingReported: outway or inway have not reported to the controller.
func TestNothingReported(t *testing.T) {
	g := twee(t)
	p := g.peers[afnemer]
	p.outways = p.outways[:1]
	_, said := g.doe(mislukt, afnemer, "verbind", "eigen-"+aanbieder)
	contains(t, said, `"proef-outway"`, "wel andere")
	p.outways, p.inways = nil, nil
	_, said = g.doe(mislukt, afnemer, "verbind", "eigen-"+aanbieder)
	contains(t, said, "nog geen outway gemeld")
	_, said = g.doe(wacht, afnemer, "publiceer")
	contains(t, said, "precies het adres https://inway.proef.test:443", "SELF_ADDRESS")
}

// TestAccess: the wrong certificate, address or port, with the next step.
func TestAccess(t *testing.T) {
	g := twee(t)
	other := filepath.Join(g.peers[aanbieder].folder, ".data", "pki", "intern")
	own := filepath.Join(g.peers[afnemer].folder, ".data", "pki", "intern")
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"no file":       {[]string{"--certificaat", "weg.pem"}, "--certificaat"},
		"other chain":   {[]string{"--certificaat", filepath.Join(other, "beheer.pem"), "--sleutel", filepath.Join(other, "beheer.key")}, "intern certificaat"},
		"other CA":      {[]string{"--ca", filepath.Join(other, "ca.pem")}, "interne CA"},
		"nothing there": {[]string{"--manager", "https://127.0.0.1:1"}, "luistert niets"},
		"controller":    {[]string{"--manager", g.peers[afnemer].controller.URL}, "9443 is de goede"},
		"no TLS":        {[]string{"--manager", "http://127.0.0.1:1"}, "alleen TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			_, said := g.doe(mislukt, afnemer, append([]string{"lees-grant-hash", "eigen-" + aanbieder}, c.args...)...)
			contains(t, said, c.want)
		})
	}
	_, said := g.doe(mislukt, afnemer, "verbind", "eigen-"+aanbieder, "--controller", g.peers[afnemer].manager.URL)
	contains(t, said, "9444 is de goede")
	if _, err := os.Stat(own); err != nil {
		t.Error(err)
	}
}

// TestUse: help, commands and flags that do not exist, another folder.
func TestUse(t *testing.T) {
	g := twee(t)
	out, _ := g.doe(goed, afnemer, "--help")
	for _, o := range opdrachten() {
		contains(t, out, o.naam)
	}
	g.doe(gebruik, afnemer, "doe-iets")
	g.doe(gebruik, afnemer, "publiceer", "--onbekend")
	g.doe(mislukt, afnemer, "publiceer", "iets")
	_, said := g.doe(mislukt, afnemer, "verbind", "onbekend")
	contains(t, said, `"onbekend" staat niet bij afgenomen`, "eigen-"+aanbieder)
	_, said = g.doe(mislukt, afnemer, "controleer", "--fsc", "weg.yaml")
	contains(t, said, "--map")
	said, progress := g.doe(goed, afnemer, "controleer")
	contains(t, said+progress, "De manager antwoordt", "proef-outway heeft zich gemeld", "Alles is ingevuld")
}

// TestCertificates makes both chains, checks them as a peer would, and leaves
// what is there alone.
func TestCertificates(t *testing.T) {
	g := twee(t)
	p := g.peers[afnemer]
	g.must(os.RemoveAll(filepath.Join(p.folder, ".data")))
	out, _ := g.doe(goed, afnemer, "certificaten", "--algoritme", "ecdsa")
	for chain, names := range map[string][]string{"groep": {"outway", "inway", "manager"}, "intern": {"outway", "inway", "manager", "controller", "txlog", "beheer"}} {
		folder := filepath.Join(p.folder, ".data", "pki", chain)
		pool, err := pki.ReadPool(filepath.Join(folder, "ca.pem"))
		g.must(err)
		for _, name := range names {
			leaf := read(t, filepath.Join(folder, name+".pem"))
			if _, err := leaf.Verify(x509.VerifyOptions{Roots: pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}); err != nil || leaf.Subject.SerialNumber != afnemer || leaf.Subject.Organization[0] != "Proef" {
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
	if again, _ := g.doe(goed, afnemer, "certificaten"); !strings.Contains(again, pki.PublicKeyThumbprint(outway)) {
		t.Errorf("the second time gives other certificates: %s", again)
	}
	if fresh, _ := g.doe(goed, afnemer, "certificaten", "--nieuw", "--algoritme", "ecdsa"); strings.Contains(fresh, pki.PublicKeyThumbprint(outway)) {
		t.Error("--nieuw keeps the key")
	}
	g.doe(goed, afnemer, "certificaten", "--proef", "--algoritme", "ecdsa")
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
