package adr

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// What asks the structural rules.
const (
	// The 2.2 ruleset turns some rules of Spectral on, to see that a description is valid.
	asked22 = "NL API Design Rules 2.2, /core/publish-openapi"
	// The 2.1 ruleset takes all that Spectral recommends; 2.2 does not.
	asked21 = "NL API Design Rules 2.1.0, linter (spectral:oas)"

	adrURL      = "https://gitdocumentatie.logius.nl/publicatie/api/adr/"
	spectralURL = "https://docs.stoplight.io/docs/spectral/4dec24461f3af-open-api-rules"
)

// structural are the rules of what OpenAPI itself asks, as the official rulesets turn
// them on.
func structural() []rule {
	return slices.Concat(readingRules(), validRules(), serverRules(), pathRules(), operationRules(), referenceRules(), schemaRules(), textRules())
}

// in22 is a rule that the 2.2 ruleset turns on.
func in22(id string, official ...string) check.Rule {
	return check.Rule{ID: id, Group: check.API, Severity: check.Error, Source: asked22, URL: adrURL, Official: official}
}

// in21 is a rule that only the 2.1 ruleset turns on.
func in21(id string, severity check.Severity, official ...string) check.Rule {
	return check.Rule{ID: id, Group: check.API, Severity: severity, Source: asked21, URL: spectralURL, Official: official}
}
