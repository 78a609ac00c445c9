package workshop

import (
	"github.com/commonground-fieldlab/fieldlab/generator/model"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// people are the invented persons of a role, by the names that the login page of a
// component shows.
type people struct {
	Role  string
	Names []string
}

// peopleOf are the persons of a component in a variant: what the component itself
// makes of its roles, so that a sheet never names somebody who is not there.
func peopleOf(component *model.Component, variant int) []people {
	var roles []identity.Role
	for _, role := range component.Process.Roles {
		roles = append(roles, identity.Role{Name: role.Name.Path, Title: role.Title, Citizen: role.Citizen, Company: role.Company})
	}
	all := make([]people, len(roles))
	for i, user := range identity.Personas(roles, variant, nil)[:identity.PerRole*len(roles)] {
		of := &all[i/identity.PerRole]
		of.Role, of.Names = roles[i/identity.PerRole].Title, append(of.Names, user.Name)
	}
	return all
}
