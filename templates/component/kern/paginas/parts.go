package paginas

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

var (
	dateParts = []partView{
		{Name: "dag", Label: "Dag", InputMode: "numeric", Width: "twee"},
		{Name: "maand", Label: "Maand", InputMode: "numeric", Width: "twee"},
		{Name: "jaar", Label: "Jaar", InputMode: "numeric", Width: "vier"},
	}
	timePart     = partView{Name: "tijd", Label: "Tijd", Width: "kort"}
	addressParts = []partView{
		{Name: value.PartStraat, Label: "Straat", Width: "breed"},
		{Name: value.PartHuisnummer, Label: "Huisnummer", Width: "vier"},
		{Name: value.PartHuisletter, Label: "Huisletter", Width: "vier", Optional: true},
		{Name: value.PartHuisnummertoevoeging, Label: "Toevoeging", Width: "vier", Optional: true},
		{Name: value.PartPostcode, Label: "Postcode", Width: "kort", Autocomplete: "postal-code"},
		{Name: value.PartWoonplaats, Label: "Woonplaats", Width: "breed", Autocomplete: "address-level2"},
	}
	foreignParts = []partView{
		{Name: value.PartLine1, Label: "Straat en nummer", Width: "breed"},
		{Name: value.PartLine2, Label: "Postcode en plaats", Width: "breed", Optional: true},
		{Name: value.PartLine3, Label: "Regio of provincie", Width: "breed", Optional: true},
		{Name: value.PartCountry, Label: "Land", Width: "breed"},
	}
	pointParts = []partView{
		{Name: "lat", Label: "Breedtegraad", InputMode: "decimal", Width: "kort"},
		{Name: "lon", Label: "Lengtegraad", InputMode: "decimal", Width: "kort"},
	}
)

// parts lists the inputs of a field that has more than one.
func (f Field) parts() []partView {
	switch f.kind().Control {
	case value.Day:
		return slices.Clone(dateParts)
	case value.PartialDay:
		parts := slices.Clone(dateParts)
		parts[0].Optional, parts[1].Optional = true, true
		return parts
	case value.Moment:
		return append(slices.Clone(dateParts), timePart)
	case value.AddressParts:
		return slices.Clone(addressParts)
	case value.ForeignLines:
		return withCountries(slices.Clone(foreignParts))
	case value.AnyAddressOf:
		return anyAddressParts()
	case value.Place:
		return slices.Clone(pointParts)
	}
	return nil
}

// withCountries puts the countries at the last part.
func withCountries(parts []partView) []partView {
	land := &parts[len(parts)-1]
	for _, c := range value.Countries() {
		land.Options = append(land.Options, optionView{Value: c.Code, Label: c.Name})
	}
	return parts
}

// anyAddressParts are a choice and the parts of both. Without a script they stand
// below each other; whoever fills in one of them has chosen.
func anyAddressParts() []partView {
	parts := []partView{{Name: value.PartType, Label: "Waar is het adres?", Width: "breed", Radio: true, Options: []optionView{
		{Value: value.DutchAddress, Label: "In Nederland"}, {Value: value.AbroadAddress, Label: "In het buitenland"},
	}}}
	dutch, abroad := slices.Clone(addressParts), withCountries(slices.Clone(foreignParts))
	dutch[0].Heading, abroad[0].Heading = "Adres in Nederland", "Adres in het buitenland"
	parts = slices.Concat(parts, dutch, abroad)
	for i := range parts {
		parts[i].Either = true
	}
	return parts
}

// partsTyped writes the parts of an object in JSON as they would be typed.
func (f Field) partsTyped(object map[string]any, set func(part, text string)) {
	for _, p := range f.parts() {
		v := object[p.Name]
		if land, ok := v.(map[string]any); ok {
			v = land["code"]
		}
		set(p.Name, value.Display("", v))
	}
}
