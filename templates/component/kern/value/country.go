package value

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
)

// Country is a country by its code of two letters (ISO 3166-1). In JSON it is an
// object with the code and the name, as the BRP has a country.
type Country string

var errCountry = errors.New("Kies een land")

// CountryName is one country with its Dutch name.
type CountryName struct{ Code, Name string }

// Countries are the countries in the order of their Dutch names.
var Countries = sync.OnceValue(func() (all []CountryName) {
	for line := range strings.Lines(countries) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		all = append(all, CountryName{code, name})
	}
	slices.SortStableFunc(all, func(a, b CountryName) int { return strings.Compare(plainLetters(a.Name), plainLetters(b.Name)) })
	return all
})

// plainLetters lets Åland stand at the A.
func plainLetters(s string) string {
	return strings.NewReplacer("Å", "A", "é", "e", "ë", "e", "ï", "i", "ô", "o", "ã", "a", "í", "i", "ç", "c").Replace(s)
}

// ParseCountry reads a country by its code or by its name.
func ParseCountry(s string) (Country, error) {
	s = tidy(s)
	i := slices.IndexFunc(Countries(), func(c CountryName) bool {
		return strings.EqualFold(c.Code, s) || strings.EqualFold(c.Name, s) || strings.EqualFold(plainLetters(c.Name), s)
	})
	if i < 0 {
		return "", errCountry
	}
	return Country(Countries()[i].Code), nil
}

func (c Country) check() error {
	if c.name() == "" {
		return errCountry
	}
	return nil
}

func (c Country) name() string {
	i := slices.IndexFunc(Countries(), func(n CountryName) bool { return n.Code == string(c) })
	if i < 0 {
		return ""
	}
	return Countries()[i].Name
}

// String is the Dutch name.
func (c Country) String() string {
	if name := c.name(); name != "" {
		return name
	}
	return string(c)
}

type country struct {
	Code string `json:"code"`
	Name string `json:"omschrijving,omitempty"`
}

// MarshalJSON writes the code and the name.
func (c Country) MarshalJSON() ([]byte, error) { return json.Marshal(country{string(c), c.name()}) }

// UnmarshalJSON takes a country by its code; its name we know better.
func (c *Country) UnmarshalJSON(b []byte) error {
	var in country
	if json.Unmarshal(b, &in) != nil {
		return errCountry
	}
	*c = Country(in.Code)
	return nil
}

// countries has the codes of ISO 3166-1, and XK that everybody uses for Kosovo,
// with the names that people use here. The Netherlands are not among them: an
// address there is of another kind.
const countries = `AF Afghanistan
AX Åland
AL Albanië
DZ Algerije
AS Amerikaans-Samoa
VI Amerikaanse Maagdeneilanden
AD Andorra
AO Angola
AI Anguilla
AQ Antarctica
AG Antigua en Barbuda
AR Argentinië
AM Armenië
AW Aruba
AU Australië
AZ Azerbeidzjan
BS Bahama's
BH Bahrein
BD Bangladesh
BB Barbados
BY Belarus
BE België
BZ Belize
BJ Benin
BM Bermuda
BT Bhutan
BO Bolivia
BQ Bonaire, Sint Eustatius en Saba
BA Bosnië en Herzegovina
BW Botswana
BV Bouveteiland
BR Brazilië
IO Brits Indische Oceaanterritorium
VG Britse Maagdeneilanden
BN Brunei
BG Bulgarije
BF Burkina Faso
BI Burundi
KH Cambodja
CA Canada
CF Centraal-Afrikaanse Republiek
CL Chili
CN China
CX Christmaseiland
CC Cocoseilanden
CO Colombia
KM Comoren
CG Congo (Brazzaville)
CD Congo (Kinshasa)
CK Cookeilanden
CR Costa Rica
CU Cuba
CW Curaçao
CY Cyprus
DK Denemarken
DJ Djibouti
DM Dominica
DO Dominicaanse Republiek
DE Duitsland
EC Ecuador
EG Egypte
SV El Salvador
GQ Equatoriaal-Guinea
ER Eritrea
EE Estland
SZ Eswatini
ET Ethiopië
FO Faeröer
FK Falklandeilanden
FJ Fiji
PH Filipijnen
FI Finland
FR Frankrijk
GF Frans-Guyana
PF Frans-Polynesië
TF Franse Zuidelijke Gebieden
GA Gabon
GM Gambia
GE Georgië
GH Ghana
GI Gibraltar
GD Grenada
GR Griekenland
GL Groenland
GP Guadeloupe
GU Guam
GT Guatemala
GG Guernsey
GN Guinee
GW Guinee-Bissau
GY Guyana
HT Haïti
HM Heard en McDonaldeilanden
HN Honduras
HU Hongarije
HK Hongkong
IE Ierland
IS IJsland
IN India
ID Indonesië
IQ Irak
IR Iran
IL Israël
IT Italië
CI Ivoorkust
JM Jamaica
JP Japan
YE Jemen
JE Jersey
JO Jordanië
KY Kaaimaneilanden
CV Kaapverdië
CM Kameroen
KZ Kazachstan
KE Kenia
KG Kirgizië
KI Kiribati
UM Kleine afgelegen eilanden van de Verenigde Staten
KW Koeweit
XK Kosovo
HR Kroatië
LA Laos
LS Lesotho
LV Letland
LB Libanon
LR Liberia
LY Libië
LI Liechtenstein
LT Litouwen
LU Luxemburg
MO Macau
MG Madagaskar
MW Malawi
MV Maldiven
MY Maleisië
ML Mali
MT Malta
IM Man
MA Marokko
MH Marshalleilanden
MQ Martinique
MR Mauritanië
MU Mauritius
YT Mayotte
MX Mexico
FM Micronesia
MD Moldavië
MC Monaco
MN Mongolië
ME Montenegro
MS Montserrat
MZ Mozambique
MM Myanmar
NA Namibië
NR Nauru
NP Nepal
NI Nicaragua
NC Nieuw-Caledonië
NZ Nieuw-Zeeland
NE Niger
NG Nigeria
NU Niue
KP Noord-Korea
MK Noord-Macedonië
MP Noordelijke Marianen
NO Noorwegen
NF Norfolk
UG Oeganda
UA Oekraïne
UZ Oezbekistan
OM Oman
AT Oostenrijk
TL Oost-Timor
PK Pakistan
PW Palau
PS Palestina
PA Panama
PG Papoea-Nieuw-Guinea
PY Paraguay
PE Peru
PN Pitcairneilanden
PL Polen
PT Portugal
PR Puerto Rico
QA Qatar
RE Réunion
RO Roemenië
RU Rusland
RW Rwanda
BL Saint-Barthélemy
KN Saint Kitts en Nevis
LC Saint Lucia
MF Saint-Martin
PM Saint-Pierre en Miquelon
VC Saint Vincent en de Grenadines
SB Salomonseilanden
WS Samoa
SM San Marino
ST Sao Tomé en Principe
SA Saudi-Arabië
SN Senegal
RS Servië
SC Seychellen
SL Sierra Leone
SG Singapore
SH Sint-Helena, Ascension en Tristan da Cunha
SX Sint Maarten
SI Slovenië
SK Slowakije
SD Soedan
SO Somalië
ES Spanje
SJ Spitsbergen en Jan Mayen
LK Sri Lanka
SR Suriname
SY Syrië
TJ Tadzjikistan
TW Taiwan
TZ Tanzania
TH Thailand
TG Togo
TK Tokelau
TO Tonga
TT Trinidad en Tobago
TD Tsjaad
CZ Tsjechië
TN Tunesië
TR Turkije
TM Turkmenistan
TC Turks- en Caicoseilanden
TV Tuvalu
UY Uruguay
VU Vanuatu
VA Vaticaanstad
VE Venezuela
AE Verenigde Arabische Emiraten
US Verenigde Staten
GB Verenigd Koninkrijk
VN Vietnam
WF Wallis en Futuna
EH Westelijke Sahara
ZM Zambia
ZW Zimbabwe
ZA Zuid-Afrika
GS Zuid-Georgia en de Zuidelijke Sandwicheilanden
KR Zuid-Korea
SS Zuid-Soedan
SE Zweden
CH Zwitserland`
