package start

import (
	"context"
	"log/slog"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
)

// endsSoon says which certificates and contracts on the way out end within a
// month: at the start, every day after, and in the health answer.
func (p *Parts) endsSoon(out *outway.Outway, s Settings) func() []string {
	contracts := p.contracts()
	return func() []string {
		return append(out.EndsSoon(time.Now(), contracts), s.Access.Certificates.EndsSoon(time.Now())...)
	}
}

// contracts are the services that we use, by the name of the setting with their
// grant hash.
func (p *Parts) contracts() map[string]string {
	all := map[string]string{}
	for _, s := range p.FSC.Consumed {
		all[s.Grant] = s.Name
	}
	return all
}

// sayEnds looks at the outway and writes in the log what ends soon, until the
// context ends.
func sayEnds(ctx context.Context, out *outway.Outway, endsSoon func() []string, log *slog.Logger) {
	for {
		out.Look(ctx)
		for _, text := range endsSoon() {
			log.Warn(text)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(24 * time.Hour):
		}
	}
}
