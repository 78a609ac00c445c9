package identity

import (
	"crypto/sha256"
	"fmt"
)

// The people below do not exist. Their numbers come from the test set that RvIG
// publishes for the BRP, so that no real person can carry one; their names are
// those under which the stand-in of the BRP knows these numbers.
var citizens = []User{
	{Name: "Noor van Toetsen", BSN: "999993653"},
	{Name: "Bram Proefstra", BSN: "999990408"},
	{Name: "Emir Keurmeester", BSN: "999991802"},
	{Name: "Fenna Monsterhuis", BSN: "999993483"},
	{Name: "Otto Proefstra", BSN: "999994086"},
	{Name: "Wietske Testema", BSN: "999992971"},
	{Name: "Joost Voorbeeld", BSN: "999999321"},
	{Name: "Yara Proefstra", BSN: "999995492"},
}

var employees = []User{
	{Name: "Bo Proefbalie"},
	{Name: "Kim van Oefendijk"},
	{Name: "Robin Testloket"},
	{Name: "Yara Fictiefsma"},
	{Name: "Sam Naspeler"},
	{Name: "Iris Verzinsel"},
	{Name: "Joris Doe-Alsof"},
	{Name: "Mila Probeersma"},
}

// perRole is two, so that a team can see that one person does not see the
// zaken of another.
const perRole = 2

// Personas returns the invented persons of the development login, two for each
// role, in the order of the roles. The same roles give the same persons with
// the same pseudonyms, so that zaken stay theirs after a restart.
func Personas(roles []Role) []User {
	var all []User
	var citizen, employee int
	for _, role := range roles {
		for range perRole {
			var u User
			if role.Citizen {
				u = citizens[citizen%len(citizens)]
				citizen++
			} else {
				u = employees[employee%len(employees)]
				employee++
			}
			u.Role = role.Name
			u.ID = Pseudonym("nabootsing", role.Name+"/"+u.Name)
			all = append(all, u)
		}
	}
	return all
}

// Pseudonym derives a stable id from what an issuer calls a person. It cannot
// be turned back without knowing that name; do not feed it a BSN, of which
// there are too few to keep them secret by a hash.
func Pseudonym(issuer, subject string) string {
	sum := sha256.Sum256([]byte(issuer + "\x00" + subject))
	return fmt.Sprintf("p-%x", sum[:12])
}
