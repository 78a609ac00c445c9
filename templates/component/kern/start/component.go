// Package start runs a component: it reads the settings, takes the ports,
// starts the layers that were asked for, says in Dutch where they listen, and
// stops them cleanly. It knows nothing of what a layer does: the component
// hands over one function per layer.
package start

import (
	"context"
	"net/http"
)

// Component is what the component hands over to be run.
type Component struct {
	Naam  string // short name in kebab-case: the database file carries it
	Titel string // as people read it

	// One function per layer with a server of its own. Each gets the settings
	// with the addresses filled in and reaches the layer below over HTTP only.
	// Diensten opens layer 1, gegevens, which has no server.
	Interactie func(context.Context, Settings) (Layer, error)
	Proces     func(context.Context, Settings) (Layer, error)
	Integratie func(context.Context, Settings) (Layer, error) // the stand-in; development only
	Diensten   func(context.Context, Settings) (Layer, error)

	// Reset empties the store and puts the starting data back.
	Reset func(context.Context, Settings) error

	Grants       []string                // names of the settings that hold a grant hash
	Bronnen      []string                // names of the settings with which sources let us in
	Nabootsingen func(Settings) []string // what this process imitates, one line each
}

// Layer is one layer, ready to serve.
type Layer struct {
	Handler http.Handler
	Run     func(context.Context) // background work until the context ends; may be nil
	Close   func() error          // may be nil
}

// Names of the layers, as --layers takes them, from top to bottom.
const (
	Interactie = "interactie"
	Proces     = "proces"
	Integratie = "integratie"
	Diensten   = "diensten"
	Gegevens   = "gegevens"
)

// server is a layer that listens: its place above the base port and the
// function that makes it.
type server struct {
	name   string
	number int // in the GEMMA order
	offset int
	what   string
	make   func(Component) func(context.Context, Settings) (Layer, error)
}

// servers stand in the order in which they start: each finds the one below it.
var servers = []server{
	{Diensten, 2, 3, "API van het register", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Diensten }},
	{Integratie, 3, 2, "outway (nabootsing)", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Integratie }},
	{Proces, 4, 1, "API van het proces", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Proces }},
	{Interactie, 5, 0, "pagina's", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Interactie }},
}
