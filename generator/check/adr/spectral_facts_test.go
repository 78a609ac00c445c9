package adr

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// askSpectral asks Spectral itself, all at once.
func askSpectral(t *testing.T, all []mutation) (map[string][]verdict, bool) {
	t.Helper()
	modules, folder := os.Getenv("SPECTRAL"), os.Getenv("ADR_RULESETS")
	if modules == "" {
		return nil, false
	}
	if folder == "" {
		folder = "../../../../shared/reference/adr"
	}
	type specification struct {
		Name string `json:"name"`
		Body string `json:"body"`
	}
	var in []specification
	for _, m := range all {
		in = append(in, specification{m.name, string(m.body)})
	}
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"../../../.ci/spectral.js"}
	for _, name := range rulesets {
		args = append(args, filepath.Join(folder, name))
	}
	cmd := exec.CommandContext(t.Context(), "node", args...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+modules)
	cmd.Stdin = bytes.NewReader(body)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		t.Fatalf("Spectral: %v\n%s", err, problems.String())
	}
	verdicts := map[string][]verdict{}
	if err := json.Unmarshal(out.Bytes(), &verdicts); err != nil {
		t.Fatal(err)
	}
	return verdicts, true
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:6])
}

func writeFacts(t *testing.T, all []mutation, verdicts map[string][]verdict) {
	t.Helper()
	facts := map[string]fact{}
	for _, m := range all {
		f := fact{Hash: hashOf(m.body)}
		for i := range rulesets {
			base := verdict{}
			if m.name != m.base {
				base = verdicts[m.base][i]
			}
			f.More[i], f.Fewer[i] = without(verdicts[m.name][i], base), without(base, verdicts[m.name][i])
		}
		facts[m.name] = f
	}
	body, err := json.MarshalIndent(facts, "", "")
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if _, err := zip.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(factsFile, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func without(all, some verdict) verdict {
	rest := verdict{}
	for _, line := range all {
		if !slices.Contains(some, line) {
			rest = append(rest, line)
		}
	}
	return rest
}

// readFacts gives what is kept, whole.
func readFacts(t *testing.T, all []mutation) map[string][]verdict {
	t.Helper()
	f, err := os.Open(factsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]fact{}
	if err := json.Unmarshal(body, &facts); err != nil {
		t.Fatal(err)
	}
	verdicts := map[string][]verdict{}
	for _, m := range all {
		f, ok := facts[m.name]
		if !ok || f.Hash != hashOf(m.body) {
			t.Fatalf("%s: nothing is kept of what Spectral says of it. Renew it: bash .ci/run adr, with UPDATE=1", m.name)
		}
		for i := range rulesets {
			v := slices.Clone(f.More[i])
			if m.name != m.base {
				v = append(v, without(verdicts[m.base][i], f.Fewer[i])...)
			}
			slices.Sort(v)
			verdicts[m.name] = append(verdicts[m.name], v)
		}
	}
	return verdicts
}
