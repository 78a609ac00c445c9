package register

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/logboek"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/opslag"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/rest"
)

// API is what layer 2 of one component adds: its own tables, and the invented
// records to begin with.
type API struct {
	Collections []Collection
	// Retention says how long a zaak is kept, when zaken are about none of the
	// collections; otherwise the collection says it.
	Retention []opslag.Retention
	// Seed puts the invented records in tables that are empty, and gives the ids
	// of those that a zaak is about; nil when there are none.
	Seed func(context.Context) (subjects []string, err error)
}

// Routes are all the operations: those that every component has, and those of
// the collections. The secret is that of the fingerprints of what is asked with
// a key.
func (a API) Routes(zaken *opslag.Zaken, log *opslag.Logboek, archive *Archive, secret logboek.Key) []rest.Route {
	all := slices.Concat(Zaken(zaken, secret), Verwerkingen(log), archive.zaken())
	for _, c := range a.Collections {
		all = append(all, c.Routes...)
	}
	return all
}

// Check names every collection whose table does not fit, and the collection that
// zaken are about when there is no such.
func (a API) Check(ctx context.Context, subject string) error {
	var faults []error
	faults = append(faults, opslag.RetentionFaults(a.Retention)...)
	if subject != "" && a.Retention != nil {
		faults = append(faults, errors.New("2-diensten/routes.go: zaken gaan over een verzameling, dus hun bewaartermijn staat daar in 1-gegevens; haal Retention hier weg"))
	}
	known := subject == ""
	for _, c := range a.Collections {
		fault := c.Fits(ctx)
		if fault == nil {
			fault = c.AdoptFiles(ctx)
		}
		faults = append(faults, fault)
		known = known || c.Path == subject
	}
	if !known {
		faults = append(faults, fmt.Errorf("4-proces/verloop.go: Subject %q is geen verzameling van 2-diensten/routes.go", subject))
	}
	return errors.Join(faults...)
}

// Personal says whether the records of a collection hold personal data.
func (a API) Personal(path string) bool {
	return slices.ContainsFunc(a.Collections, func(c Collection) bool { return c.Path == path && c.Personal })
}

// Files says whether a record can have a file.
func (a API) Files() bool {
	return slices.ContainsFunc(a.Collections, func(c Collection) bool { return c.Files })
}
