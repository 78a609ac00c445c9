package source

import "github.com/commonground-fieldlab/fieldlab/generator/check"

// The sources of the rules.
const (
	fiveLayers = "Common Ground, vijflagenmodel (GEMMA)"
	leidraad   = "GEMMA, Leidraad informatiekundige visie Common Ground"
	principles = "Common Ground informatiearchitectuurprincipes (VNG, 2019)"

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
	}
}
