package probe

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// The rules.
const (
	ruleBase        = "adr-base-path-live"
	ruleVersion     = "adr-version-header-live"
	rulePublish     = "adr-publish-openapi-live"
	ruleYAML        = "adr-openapi-yaml-live"
	ruleDocument    = "adr-document-live"
	ruleSlash       = "adr-trailing-slash-live"
	ruleUnknown     = "adr-not-found-live"
	ruleProblem     = "adr-problem-live"
	ruleHeaders     = "adr-security-headers-live"
	ruleHSTS        = "adr-hsts-live"
	ruleCORS        = "adr-cors-live"
	ruleAccept      = "adr-not-acceptable-live"
	ruleMedia       = "adr-media-type-live"
	ruleInput       = "adr-invalid-input-live"
	ruleAllErrors   = "adr-all-errors-live"
	ruleMethod      = "adr-method-live"
	ruleDateTime    = "adr-date-time-live"
	ruleTLS         = "adr-tls-live"
	ruleRedirect    = "adr-http-redirect-live"
	ruleSecurityTxt = "deploy-security-txt-live"
	ruleTLSQuality  = "adr-tls-quality"
)

// Rules lists what only a running API shows, and what then is left for a person.
func Rules() []check.Rule {
	adr := func(id string, severity check.Severity, section string) check.Rule {
		return check.Rule{
			ID: id, Group: check.API, Severity: severity, By: check.Running,
			Source: "NL API Design Rules 2.2, " + section,
		}
	}
	securityTxt := check.Rule{ID: ruleSecurityTxt, Group: check.Delivery, Severity: check.Error, By: check.Running, Source: "RFC 9116, 2.5", URL: "https://www.rfc-editor.org/rfc/rfc9116"}
	quality := adr(ruleTLSQuality, check.Error, "/core/transport/tls")
	quality.By, quality.URL = check.Person, "https://internet.nl"
	return []check.Rule{
		adr(ruleBase, check.Error, "/core/uri-version"),
		adr(ruleVersion, check.Error, "/core/version-header"),
		adr(rulePublish, check.Error, "/core/publish-openapi"),
		adr(ruleYAML, check.Error, "/core/publish-openapi"),
		adr(ruleDocument, check.Error, "/core/doc-openapi"),
		adr(ruleSlash, check.Error, "/core/no-trailing-slash"),
		adr(ruleUnknown, check.Error, "/core/http-response-code"),
		adr(ruleProblem, check.Error, "/core/error-handling/problem-details"),
		adr(ruleHeaders, check.Error, "/core/transport/security-headers"),
		adr(ruleHSTS, check.Error, "/core/transport/security-headers"),
		adr(ruleCORS, check.Warning, "/core/transport/cors"),
		adr(ruleAccept, check.Warning, "Validate content types"),
		adr(ruleMedia, check.Error, "Validate content types"),
		adr(ruleInput, check.Error, "/core/error-handling/invalid-input"),
		adr(ruleAllErrors, check.Warning, "/core/error-handling/all-errors"),
		adr(ruleMethod, check.Error, "/core/http-methods"),
		adr(ruleDateTime, check.Error, "/core/date-time/format"),
		adr(ruleTLS, check.Error, "/core/transport/tls"),
		adr(ruleRedirect, check.Note, "/core/transport/tls"),
		securityTxt,
		quality,
	}
}
