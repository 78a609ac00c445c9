package source

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// The sources of the rules.
const (
	fiveLayers = "Common Ground, vijflagenmodel (GEMMA)"
	leidraad   = "GEMMA, Leidraad informatiekundige visie Common Ground"
	principles = "Common Ground informatiearchitectuurprincipes (VNG, 2019)"

	adrURL        = "https://gitdocumentatie.logius.nl/publicatie/api/adr/"
	avgURL        = "https://eur-lex.europa.eu/eli/reg/2016/679/oj"
	ldvURL        = "https://logius-standaarden.github.io/logboek-dataverwerkingen/"
	fscURL        = "https://gitdocumentatie.logius.nl/publicatie/fsc/core/"
	wabbURL       = "https://wetten.overheid.nl/BWBR0022428"
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
		{ID: "layer-separable", Group: check.Layers, Severity: check.Warning, By: check.Person, Source: leidraad, URL: layersURL},
		{ID: "privacy-url", Group: check.Privacy, Severity: check.Error, Source: "NL API Design Rules 2.2, /core/transport/no-sensitive-uris", URL: adrURL},
		{ID: "privacy-log", Group: check.Privacy, Severity: check.Error, Source: "AVG, artikel 5 en 32", URL: avgURL},
		{ID: "privacy-browser-storage", Group: check.Privacy, Severity: check.Warning, Source: "AVG, artikel 5 en 32", URL: avgURL},
		{ID: "privacy-trackers", Group: check.Privacy, Severity: check.Warning, Source: "AVG, artikel 5, 6 en 44", URL: avgURL},
		{ID: "privacy-bsn", Group: check.Privacy, Severity: check.Error, Source: "Wabb, artikel 10; UAVG, artikel 46", URL: wabbURL},
		{ID: "privacy-bsn-fixture", Group: check.Privacy, Severity: check.Warning, Source: "Wabb, artikel 10; UAVG, artikel 46", URL: wabbURL},
		{ID: "privacy-test-data", Group: check.Privacy, Severity: check.Warning, Source: "AVG, artikel 5", URL: avgURL},
		{ID: "privacy-form-dump", Group: check.Privacy, Severity: check.Warning, Source: "AVG, artikel 5", URL: avgURL},
		{ID: "privacy-retention", Group: check.Privacy, Severity: check.Note, Source: "AVG, artikel 5 en 30", URL: avgURL},
		{ID: "privacy-processing-log", Group: check.Privacy, Severity: check.Warning, Source: "Logboek Dataverwerkingen 1.0", URL: ldvURL},
		{ID: "privacy-basis", Group: check.Privacy, Severity: check.Error, By: check.Person, Source: "AVG, artikel 6 en 30", URL: avgURL},
		{ID: "privacy-fields", Group: check.Privacy, Severity: check.Error, By: check.Person, Source: "AVG, artikel 5", URL: avgURL},
		{ID: "privacy-dpia", Group: check.Privacy, Severity: check.Error, By: check.Person, Source: "AVG, artikel 35", URL: avgURL},
		{ID: "source-copy", Group: check.Integration, Severity: check.Warning, Source: principles, URL: principlesURL},
		{ID: "source-minimal", Group: check.Integration, Severity: check.Warning, Source: "AVG, artikel 5", URL: avgURL},
		{ID: "source-purpose", Group: check.Integration, Severity: check.Warning, Source: "Logboek Dataverwerkingen 1.0", URL: ldvURL},
		{ID: "source-outway", Group: check.Integration, Severity: check.Warning, Source: "FSC Core", URL: fscURL},
		{ID: "source-test-host", Group: check.Integration, Severity: check.Warning, Source: principles, URL: principlesURL},
		{ID: "source-tls", Group: check.Integration, Severity: check.Error, Source: "NL API Design Rules 2.2, /core/transport/tls", URL: adrURL},
		{ID: "source-access", Group: check.Integration, Severity: check.Error, By: check.Person, Source: "Wet BRP"},
	}
}
