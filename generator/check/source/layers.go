package source

import (
	"path"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// layer is one of the five, from the ground up; 0 is none, or not known.
type layer int

const (
	unknown     layer = iota
	gegevens          // data
	diensten          // services
	integratie        // what asks others
	proces            // workflow
	interactie        // screens
	scaffolding       // configuration and what belongs to no layer by its nature
)

var layerNames = []string{"", "gegevens", "diensten", "integratie", "proces", "interactie", ""}

func (l layer) String() string { return layerNames[l] }

// layers tells which folder is which layer: as the team said it, as the rooms of a
// component are called, or as names of folders say it.
type layers struct {
	component bool
	said      map[string]layer // folder with / at its end
}

func newLayers(r *check.Repo) layers {
	l := layers{component: r.IsComponent(), said: map[string]layer{}}
	for name, folders := range r.Config.Layers {
		for i, known := range layerNames {
			if known == name && known != "" {
				for _, folder := range folders {
					l.said[strings.Trim(path.Clean("/"+folder), "/")+"/"] = layer(i)
				}
			}
		}
	}
	return l
}

var rooms = map[string]layer{
	"1-gegevens": gegevens, "2-diensten": diensten, "3-integratie": integratie, "4-proces": proces, "5-interactie": interactie,
}

// sure says whether the layer of a path was said or is a room of a component, so that
// the rules between layers hold for it as they are written.
func (l layers) sure(name string) (layer, bool) {
	best, length := unknown, 0
	for folder, known := range l.said {
		if strings.HasPrefix(name+"/", folder) && len(folder) > length {
			best, length = known, len(folder)
		}
	}
	if best != unknown {
		return best, true
	}
	top, _, _ := strings.Cut(name, "/")
	room, ok := rooms[top]
	return room, ok
}

// of tells the layer of a file.
func (l layers) of(f check.File) layer {
	if known, ok := l.sure(f.Path); ok {
		return known
	}
	if l.component {
		return unknown
	}
	return byNames(f)
}

// Names of folders that say which layer is in them, whatever the language.
var folderNames = map[string]layer{
	"1-gegevens": gegevens, "2-diensten": diensten, "3-integratie": integratie, "4-proces": proces, "5-interactie": interactie, // of a component in a folder
	"interactie": interactie, "frontend": interactie, "pwa": interactie, "ui": interactie,
	"proces": proces, "processen": proces, "workflow": proces, "workflows": proces, "bpmn": proces,
	"integratie": integratie, "integration": integratie, "integrations": integratie, "gateway": integratie, "gateways": integratie,
	"clients": integratie, "outway": integratie, "connectors": integratie, "adapters": integratie, "koppelingen": integratie, "bronnen": integratie,
	"diensten": diensten, "api": diensten, "controllers": diensten, "controller": diensten, "serializers": diensten, "resolvers": diensten,
	"gegevens": gegevens, "models": gegevens, "entities": gegevens, "entity": gegevens, "migrations": gegevens, "migraties": gegevens,
	"db": gegevens, "database": gegevens, "repositories": gegevens, "persistence": gegevens,
	"config": scaffolding, "conf": scaffolding, "configs": scaffolding, "configuration": scaffolding, "settings": scaffolding, "deploy": scaffolding, "docker": scaffolding,
	"helm": scaffolding, ".github": scaffolding, "scripts": scaffolding, "bin": scaffolding, "ci": scaffolding, "k8s": scaffolding, "docs": scaffolding, "doc": scaffolding,
}

// Folders of screens, in languages in which screens are written.
var screenNames = map[string]bool{
	"components": true, "pages": true, "views": true, "screens": true, "layouts": true, "templates": true, "widgets": true, "client": true, "webapp": true,
}

// Folders below a frontend that run at a server.
var serverNames = map[string]bool{"server": true, "backend": true, "bff": true, "functions": true}

// byNames tells the layer by the names of the folders: the last one that says something,
// but what is below a frontend is all screen. Only a file of the languages of screens can
// be one: a folder "views" of Python holds no screens.
func byNames(f check.File) layer {
	kind := kindOf(f)
	screen := kind&(script|page|style) != 0
	found := unknown
	folder := strings.ToLower(path.Dir(f.Path))
	before := ""
	for part := range strings.SplitSeq(folder, "/") {
		switch {
		case screen && (serverNames[part] || part == "api" && (before == "pages" || before == "app")):
			return unknown
		case folderNames[part] == scaffolding:
			found = scaffolding
		case found == interactie:
		case screen && screenNames[part]:
			found = interactie
		case folderNames[part] == interactie && !screen && kind != golang: // a package "ui" of Python may be anything
		case folderNames[part] != unknown:
			found = folderNames[part]
		}
		before = part
	}
	return byFile(f, found)
}

// byFile looks at the name of the file itself, which says that it asks others or that
// it is configuration.
func byFile(f check.File, found layer) layer {
	name := strings.ToLower(f.Name())
	stem, _, _ := strings.Cut(name, ".")
	switch {
	case found == interactie:
		if strings.Contains(name, ".config.") || stem == "config" {
			return scaffolding
		}
	case found == integratie && (strings.HasSuffix(name, ".tsx") || strings.HasSuffix(name, ".jsx") || strings.HasSuffix(name, ".vue")):
		return unknown // "clients" may be customers
	case strings.HasSuffix(stem, "client") || strings.HasSuffix(stem, "gateway") || strings.HasSuffix(stem, "outway"):
		return integratie
	case stem == "settings" || stem == "config" || stem == "configuration" || strings.Contains(name, ".config.") || strings.HasSuffix(stem, "settings"):
		return scaffolding
	}
	return found
}
