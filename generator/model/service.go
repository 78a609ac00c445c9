package model

import (
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/naming"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// What a source is called at FSC, and which sources share a contract there.

func grantEnv(service string) string {
	return "FSC_GRANT_HASH_" + strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z':
			return r - 'a' + 'A'
		case r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
			return r
		}
		return '_'
	}, service)
}

// service names the service at FSC, and the setting with the grant hash of its
// contract. Two sources may ask one service of one provider: that is one contract.
func (b *builder) service(s *source, taken map[string]*Source) {
	s.Service = or(strings.TrimSpace(s.given.Service), s.proposed(b.a.Sources))
	if s.Service == "" {
		return
	}
	key := s.key + ".service"
	if !regexService.MatchString(s.Service) {
		names, _ := naming.Of(s.Service)
		b.suggest(names.Path, problem.ServiceForm, key, s.Service)
		return
	}
	s.GrantEnv = grantEnv(s.Service)
	other, twice := taken[s.GrantEnv]
	switch {
	case !twice:
		taken[s.GrantEnv] = s.Source
	case s.Service != other.Service || !other.Provider.is(s.Provider):
		b.add(problem.NameCollision, key, s.Service, other.Service, s.GrantEnv)
	default:
		s.Shares = other
		other.Provider.OIN = or(other.Provider.OIN, s.Provider.OIN)
		s.Provider.OIN = other.Provider.OIN
	}
}

// proposed is the FSC name of the service when the answers give none: that of
// the catalogue, whatever the source is called here. Of two sources of one entry at
// different providers it goes to the one with its name, or else to the first.
func (s *source) proposed(all []answers.Source) string {
	if s.entry == nil {
		return s.Name.Path
	}
	var heir *answers.Source
	for i, a := range all {
		switch {
		case a.Catalogue != s.entry.Name || strings.TrimSpace(a.Service) != "" && strings.TrimSpace(a.Service) != s.entry.Service:
		case heir == nil, strings.TrimSpace(heir.Service) == "" && (strings.TrimSpace(a.Service) != "" || a.Name == s.entry.Name):
			heir = &all[i]
		}
	}
	if heir != nil && s.providerOf(*heir).is(s.providerOf(s.given)) {
		return s.entry.Service
	}
	return s.Name.Path
}

// providerOf is who offers a source of the same entry.
func (s *source) providerOf(a answers.Source) Organisation {
	oin := strings.TrimSpace(a.Provider.OIN)
	if strings.TrimSpace(a.Provider.Name) == "" {
		oin = or(oin, s.entry.Provider.OIN)
	}
	return Organisation{Name: or(strings.TrimSpace(a.Provider.Name), s.entry.Provider.Name), OIN: oin}
}

// is says whether two descriptions are of one organisation, as far as they say.
func (o Organisation) is(other Organisation) bool {
	if o.OIN != "" && other.OIN != "" {
		return o.OIN == other.OIN
	}
	return strings.EqualFold(o.Name, other.Name)
}
