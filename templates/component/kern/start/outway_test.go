package start

import (
	"encoding/base64"
	"log/slog"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/proces"
)

// In production no source is a stand-in: what one says that it does find reaches
// nobody.
func TestHintsAreOfDevelopment(t *testing.T) {
	for _, production := range []bool{true, false} {
		rooms, seen := moving(t), (*outway.Outway)(nil)
		course := rooms.Process
		rooms.Process = func(o *outway.Outway) proces.Course {
			seen = o
			return course(o)
		}
		parts, err := rooms.Read()
		if err != nil {
			t.Fatal(err)
		}
		env := map[string]string{logboek.KeyEnv: base64.StdEncoding.EncodeToString(make([]byte, 32))}
		_, err = parts.process(t.Context(), Settings{Production: production, OutwayURL: "http://outway.test", OutwayTimeout: time.Second,
			Env: func(name string) string { return env[name] }, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		if seen.Development == production || seen.Timeout != time.Second || seen.Env == nil {
			t.Errorf("in production %t the outway has development %t and waits %s", production, seen.Development, seen.Timeout)
		}
	}
}
