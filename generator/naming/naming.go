// Package naming derives every spelling of a name (Go, SQL, JSON, URL path,
// file) from what a team wrote. It is the only place that does so.
package naming

// Names holds every spelling of one name. Go, Var, SQL, JSON, Path and File
// are never empty and never reserved in their language.
type Names struct {
	Raw  string // as answered
	Go   string // exported Go identifier: NieuwAdres
	Var  string // unexported Go identifier: nieuwAdres
	SQL  string // snake_case, at most 63 bytes: nieuw_adres
	JSON string // camelCase: nieuwAdres
	Path string // kebab-case URL segment: nieuw-adres
	File string // base of a file name, safe on every system: nieuw_adres
}
