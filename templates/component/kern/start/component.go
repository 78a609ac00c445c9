// Package start runs a component: it reads the settings, takes the ports,
// starts the layers that were asked for, says in Dutch where they listen, and
// stops them cleanly. It knows nothing of what a layer does: the component
// hands over one function per layer.
package start

import (
	"context"
	"io"
	"net/http"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/meting"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/outway"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/toegang"
)

// Component is what the component hands over to be run.
type Component struct {
	Name              string // short name in kebab-case: the database file carries it
	Title             string // as people read it
	Organisation, OIN string // for whom it was made
	// Serve reads a file that says for whom a process runs instead, with what is wrong
	// with it; nil: for nobody else.
	Serve func(file string) (organisatie.Organisation, []string)
	// Named says which files, that everybody may read, still name for whom it was made
	// when it runs for another; may be nil.
	Named func(Settings) []string

	Port int // base port in development, unless PORT says otherwise; 0 is the usual one

	// One function per layer with a server of its own. Each gets the settings
	// with the addresses filled in and reaches the layer below over HTTP only.
	// Services opens layer 1, gegevens, which has no server.
	Interaction func(context.Context, Settings) (Layer, error)
	Process     func(context.Context, Settings) (Layer, error)
	Integration func(context.Context, Settings) (Layer, error) // the stand-in; development only
	Services    func(context.Context, Settings) (Layer, error)

	// Reset empties the store and puts the starting data back.
	Reset func(context.Context, Settings) error

	// Commands are what the component can do beside running: each works on layer
	// 1 itself and ends.
	Commands []Command

	// Operations are those of layer 2, for the file of AFNEMERS; nil when there are none.
	Operations func() (toegang.Operations, error)

	Roles    []identity.Role         // who logs in
	Grants   []string                // names of the settings that hold a grant hash
	Bronnen  []string                // names of the settings with which sources let us in
	Access   []outway.Access         // what each source asks
	StandIns func(Settings) []string // what this process imitates, one line each
}

// Command is one word after go run . with what it takes. Its settings are those
// of the layers diensten and gegevens.
type Command struct {
	Name    string
	Summary string // one line, in Dutch
	Run     func(ctx context.Context, s Settings, args []string, in io.Reader, out io.Writer) error
}

// Layer is one layer, ready to serve.
type Layer struct {
	Handler http.Handler
	Run     func(context.Context) // background work until the context ends; may be nil
	// Settle is what has to be done while the layer says that it is not ready, because
	// another layer was not there yet. An error stops the component. May be nil.
	Settle func(context.Context) error
	Close  func() error // may be nil
	// Measures is what Prometheus hears of the layer besides its requests; may be nil.
	Measures meting.Source
}

// Names of the layers, as --layers takes them, from top to bottom.
const (
	LayerInteraction = "interactie"
	LayerProcess     = "proces"
	LayerIntegration = "integratie"
	LayerServices    = "diensten"
	LayerData        = "gegevens"
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
	{LayerServices, 2, 3, "API van het register", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Services }},
	{LayerIntegration, 3, 2, "outway (nabootsing)", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Integration }},
	{LayerProcess, 4, 1, "API van het proces", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Process }},
	{LayerInteraction, 5, 0, "pagina's", func(c Component) func(context.Context, Settings) (Layer, error) { return c.Interaction }},
}
