package workshop

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/model"
)

// BasePort is the port of the first team, unless a trainer chooses another.
const BasePort = 8100

// portsPerTeam is how far the ports of two teams lie apart: a component takes four,
// and nobody has to count in fours.
const portsPerTeam = 10

// LastPort is the port of the last of so many teams.
func LastPort(base, teams int) int { return base + portsPerTeam*(teams-1) }

// PortsOK says whether so many teams have a port from a base on.
func PortsOK(base, teams int) bool { return base >= minPort && LastPort(base, teams) <= maxPort }

// teamsOf gives every team what is its own, but for its code.
func teamsOf(names []string, base int) []Team {
	digits := max(2, len(fmt.Sprint(len(names))))
	teams := make([]Team, len(names))
	for i, name := range names {
		n := i + 1
		slug := slugOf(name)
		if slug == "" {
			slug = "team"
		}
		teams[i] = Team{
			Number: n, Name: name,
			Folder: fmt.Sprintf("%0*d-%s", digits, n, shortened(slug, maxFolderSlug)),
			Port:   base + portsPerTeam*i,
			Colour: colourOf(n),
			OIN:    oinOf(n), Variant: n,
		}
	}
	return teams
}

// maxFolderSlug keeps the path of a file in a component below what Windows takes.
const maxFolderSlug = 30

// oinOf is an OIN from the range that Logius keeps for tests (00000099), with the
// number of the team in it. The organisations of examples are in the first thousand.
func oinOf(n int) string { return fmt.Sprintf("00000099%09d000", 100_000+n) }

// shortened cuts a name in kebab-case between two words, or in the middle of one
// when the first is too long already.
func shortened(slug string, most int) string {
	if len(slug) <= most {
		return slug
	}
	cut := slug[:most]
	if slug[most] != '-' {
		if at := strings.LastIndexByte(cut, '-'); at > most/2 {
			cut = cut[:at]
		}
	}
	return strings.Trim(cut, "-")
}

// own is the name of a team's component. Number makes it the only one where the
// names of two teams begin alike.
func (t Team) own(of string, unique bool) string {
	slug := slugOf(t.Name)
	switch {
	case slug == "":
		slug = fmt.Sprintf("team-%02d", t.Number)
	case !unique:
		slug = shortened(slug, maxSlug-5) + fmt.Sprintf("-%d", t.Number)
	default:
		slug = shortened(slug, maxSlug)
	}
	return shortened(of, maxComponent-1-len(slug)) + "-" + slug
}

// How long the name of a component is at most, and that of a team in it.
const (
	maxComponent = 40
	maxSlug      = 20
)

// names are those of the components of all teams: the only ones of their name.
func names(teams []Team, of string) []string {
	seen := map[string]int{}
	for _, team := range teams {
		seen[team.own(of, true)]++
	}
	all := make([]string, len(teams))
	for i, team := range teams {
		all[i] = team.own(of, seen[team.own(of, true)] == 1)
	}
	return all
}

// answersOf are the answers of a team: those of the case, but for what may not be
// the same in two components that meet.
func (t Team) answersOf(of answers.Answers, base *model.Component, name string, days int) answers.Answers {
	a := of
	a.Component.Name = name
	a.Component.Title = titled(base.Title, t.Name)
	a.Component.Organisation.OIN = t.OIN
	a.Component.Repository = lastSegment(a.Component.Repository, name)
	a.Delivery.Image = lastSegment(a.Delivery.Image, name)
	a.Interaction.Colour = t.Colour
	a.Fieldlab.Team, a.Fieldlab.Days = t.Name, days
	// What other peers know this one by. Addresses inside the own network stay: each
	// team has a network of its own, or shares a peer on purpose.
	a.FSC.ManagerAddress = ownHost(a.FSC.ManagerAddress, base.Name.Path, name)
	a.FSC.InwayAddress = ownHost(a.FSC.InwayAddress, base.Name.Path, name)
	a.FSC.OutwayAddress = ownHost(a.FSC.OutwayAddress, base.Name.Path, name)
	apart(&a, t)
	return a
}

// apart gives a team the keys that only workshops need.
func apart(a *answers.Answers, t Team) {
	port := t.Port
	a.Delivery.Port, a.Fieldlab.Variant = &port, t.Variant
}

// titled is the title of a team's component: within what a title may be long.
func titled(title, team string) string {
	const most = 100
	behind := " (" + team + ")"
	if left := most - utf8.RuneCountInString(behind); utf8.RuneCountInString(title) > left {
		title = strings.TrimSpace(string([]rune(title)[:left-1])) + "…"
	}
	return title + behind
}

// lastSegment puts another name in the place of the last one of an address; nothing
// stays nothing.
func lastSegment(address, name string) string {
	address = strings.TrimRight(address, "/")
	at := strings.LastIndexByte(address, '/')
	if at < 0 || at == len(address)-1 {
		return address
	}
	return address[:at+1] + name
}

// ownHost is an address on a host of one's own. Where the name of the component of the
// case is in it, that of the team comes in its place; else the team gets a name beside
// that host.
func ownHost(address, of, name string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return address
	}
	first, rest, dotted := strings.Cut(u.Host, ".")
	switch {
	case first == of || strings.HasPrefix(first, of+"-") && len(first)-len(of)+len(name) <= maxLabel:
		u.Host = name + strings.TrimPrefix(u.Host, of)
	case dotted:
		u.Host = name + "." + first + "." + rest
	default:
		u.Host = name + "-" + u.Host
	}
	return u.String()
}

// maxLabel is how long a part of a name in DNS is at most.
const maxLabel = 63
