package start

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/register"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// operations are those of layer 2 that a consumer can have, and those that it cannot.
func (p *Parts) operations() (o toegang.Operations, err error) {
	contract, err := p.servicesAPI()
	if err != nil {
		return o, fmt.Errorf("2-diensten/openapi.yaml: %w", err)
	}
	o.Own = contract.Operations(register.Own)
	o.Offered = contract.Operations(func(method, pattern string) bool { return !register.Own(method, pattern) })
	return o, nil
}

// afnemer is the command that makes a token for a consumer of layer 2, and says what
// to put in the file of AFNEMERS.
func (p *Parts) afnemer(_ context.Context, s Settings, args []string, _ io.Reader, out io.Writer) error {
	o, err := p.operations()
	if err != nil {
		return err
	}
	if len(args) < 2 {
		return fmt.Errorf("%w: go run . afnemer NAAM OPERATIE…\n\nDe operaties zijn %s", errUsage, strings.Join(o.Offered, ", "))
	}
	name, wanted := args[0], args[1:]
	var faults []string
	if fault := toegang.NameFault(name); fault != "" {
		faults = append(faults, fmt.Sprintf("%.70q: %s", name, fault))
	}
	for i, id := range wanted {
		if fault := o.Fault(id, slices.Contains(wanted[:i], id)); fault != "" {
			faults = append(faults, fault)
		}
	}
	if faults != nil {
		return errors.New(strings.Join(faults, "\n"))
	}
	token, sum := toegang.NewToken()
	if slices.Contains(s.Access.Gate.Afnemers.Names(), name) {
		say(out, "Zet deze regel in het bestand van AFNEMERS, bij tokens van %s, en haal de oude weg zodra de afnemer het nieuwe token gebruikt:\n\n      - %s\n", name, sum)
	} else {
		say(out, "Zet deze regels in het bestand van AFNEMERS, onder afnemers:\n\n  - naam: %s\n    tokens:\n      - %s\n    operaties:\n", name, sum)
		for _, id := range wanted {
			say(out, "      - %s\n", id)
		}
	}
	say(out, "\nDit is het token. Geef het op een veilige manier aan de afnemer; het staat nergens anders en is niet terug te halen:\n\n  %s\n", token)
	return nil
}
