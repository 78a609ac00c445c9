package source

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// The sources of the rules.
const (
	fiveLayers = "Common Ground, vijflagenmodel (GEMMA)"
	leidraad   = "GEMMA, Leidraad informatiekundige visie Common Ground"
	principles = "Common Ground informatiearchitectuurprincipes (VNG, 2019)"

	avg = "AVG"

	adrURL        = "https://gitdocumentatie.logius.nl/publicatie/api/adr/"
	avgURL        = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
	layersURL     = "https://github.com/VNG-Realisatie/common-ground"
	principlesURL = "https://www.gemmaonline.nl/wiki/Common_Ground_informatiearchitectuurprincipes"
)

func allRules() []check.Rule {
	return []check.Rule{
		{ID: "layer-source-address", Group: check.Layers, Severity: check.Error, Source: fiveLayers, URL: layersURL},
		{ID: "layer-point-to-point", Group: check.Layers, Severity: check.Warning, Source: leidraad, URL: layersURL},
		{ID: "layer-screen-direct", Group: check.Layers, Severity: check.Error, Source: fiveLayers, URL: layersURL},
		{ID: "layer-database", Group: check.Layers, Severity: check.Error, Source: fiveLayers, URL: layersURL},
		{ID: "layer-import", Group: check.Layers, Severity: check.Error, Source: fiveLayers, URL: layersURL},
		{ID: "privacy-url", Group: check.Privacy, Severity: check.Error, Source: "NL API Design Rules 2.1, /core/transport/no-sensitive-uris", URL: adrURL, Official: []string{"/core/transport/no-sensitive-uris"}},
		{ID: "privacy-log", Group: check.Privacy, Severity: check.Error, Source: "AVG, artikel 5 en 32", URL: avgURL},
		{ID: "privacy-browser-storage", Group: check.Privacy, Severity: check.Warning, Source: "AVG, artikel 5 en 32", URL: avgURL},
		{ID: "privacy-trackers", Group: check.Privacy, Severity: check.Warning, Source: "AVG, artikel 5, 6 en 44", URL: avgURL},
		{ID: "privacy-bsn", Group: check.Privacy, Severity: check.Error, Source: "Wabb, artikel 10; UAVG, artikel 46", URL: avgURL},
		{ID: "privacy-bsn-fixture", Group: check.Privacy, Severity: check.Warning, Source: "Wabb, artikel 10; UAVG, artikel 46", URL: avgURL},
	}
}
