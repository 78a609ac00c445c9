package adr

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestZZDump(t *testing.T) {
	dir := os.Getenv("ADRA_CORPUS")
	if dir == "" {
		t.Skip()
	}
	out := map[string][]string{}
	entries, _ := os.ReadDir(dir)
	esc := strings.NewReplacer("~", "~0", "/", "~1")
	for _, e := range entries {
		body, _ := os.ReadFile(dir + "/" + e.Name())
		start := time.Now()
		d, err := read(e.Name(), body)
		if d == nil {
			out[e.Name()] = []string{"unread " + errString(err)}
			continue
		}
		readTime := time.Since(start)
		start = time.Now()
		var lines []string
		for _, j := range judge(context.Background(), d, structural()) {
			p := ""
			for _, s := range j.at.path() {
				p += "/" + esc.Replace(s)
			}
			lines = append(lines, j.name()+" "+p+" | "+j.rule.ID+" "+j.kase+" "+strings.Join(j.args, " ; "))
		}
		t.Logf("%-40s %8d bytes %6d nodes read %v judged %v %v", e.Name(), len(body), d.size, readTime, time.Since(start), d.left)
		slices.Sort(lines)
		out[e.Name()] = lines
	}
	b, _ := json.Marshal(out)
	os.WriteFile("/tmp/adra/ours.json", b, 0o644)
}

func errString(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
