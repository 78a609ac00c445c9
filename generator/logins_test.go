package generator_test

import (
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// TestLoginsAreThoseOfTheComponent: the numbers in the invented records are those
// of the persons that one can log in as, in the same order.
func TestLoginsAreThoseOfTheComponent(t *testing.T) {
	roles := []identity.Role{{Name: "a", Citizen: true}, {Name: "b"}, {Name: "c", Company: true}, {Name: "d", Citizen: true}, {Name: "e", Company: true}}
	personas := identity.Personas(roles, nil)
	if identity.PerRole != fieldtype.LoginsPerRole {
		t.Fatal("another number of persons per role")
	}
	at := map[bool]int{}
	for i, u := range personas[:identity.PerRole*len(roles)] {
		role := roles[i/identity.PerRole]
		if !role.Outside() {
			continue
		}
		for _, kind := range []string{"bsn", "kvk", "vestigingsnummer", "rsin"} {
			if number := u.Applicant().Number(kind); number != "" && number != fieldtype.Login(kind, at[role.Company]) {
				t.Errorf("%s has %s %s, and the records %s", u.Name, kind, number, fieldtype.Login(kind, at[role.Company]))
			}
		}
		at[role.Company]++
	}
}
