// Package rollen says who takes part in the process. The pages, the process and
// the invented data all need the same list.
package rollen

import "git.duinstad.test/burgerzaken/verhuizing/internal/identity"

// Rollen are the roles of the process.
func Rollen() []identity.Role {
	return []identity.Role{
		{Naam: "inwoner", Titel: "Inwoner", Burger: true},
		{Naam: "burgerzaken", Titel: "Medewerker burgerzaken"},
	}
}
