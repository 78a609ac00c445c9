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
	for variant := range 200 {
		same(t, roles, variant)
	}
}

// same compares one variant.
func same(t *testing.T, roles []identity.Role, variant int) {
	t.Helper()
	personas := identity.Personas(roles, variant, nil)
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
			if number := u.Applicant().Number(kind); number != "" && number != fieldtype.Login(kind, variant, at[role.Company]) {
				t.Errorf("variant %d: %s has %s %s, and the records %s", variant, u.Name, kind, number, fieldtype.Login(kind, variant, at[role.Company]))
			}
		}
		at[role.Company]++
	}
}
