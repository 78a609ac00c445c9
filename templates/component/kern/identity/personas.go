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

// The companies below do not exist either. The KVK publishes these numbers, with
// those of their branches, for its test environment: it never gives them to a
// real company. The RSINs are from the range of BSN and RSIN that is kept for
// tests. The names are those under which the stand-in of the KVK knows them.
var companies = []User{
	{Name: "Bakkerij Het Proefbrood B.V.", KVK: "68750110", Branch: "000037178598", RSIN: "999900006"},
	{Name: "Voorbeeld Scheepsonderhoud", KVK: "69599084", Branch: "000038509504", RSIN: "999900018"},
	{Name: "Tuinontwerp Toetsen en Proefstra", KVK: "69599076", Branch: "000038509474", RSIN: "999900031"},
}

// european is somebody from elsewhere in the European Union, who logs in
// without a BSN. XX is the code of no country.
var european = User{Name: "Ann Exempel", EU: "XX/NL/verzonnen-persoon-1"}

var employees = []User{
	{Name: "Bo Proefbalie"},
	{Name: "Kim van Oefendijk"},
	{Name: "Robin Testloket"},
	{Name: "Yara Fictiefsma"},
	{Name: "Sam Naspeler"},
	{Name: "Iris Verzinsel"},
	{Name: "Joris Doe-Alsof"},
	{Name: "Mila Probeersma"},
	{Name: "Daan Oefenaar"},
	{Name: "Lotte Schijnveld"},
	{Name: "Ravi Zogenaamd"},
	{Name: "Eva van der Proef"},
	{Name: "Tijn Bedachtsma"},
	{Name: "Samira Denkbeeld"},
	{Name: "Koen Nepstra"},
	{Name: "Fleur Rolspeler"},
	{Name: "Hugo Voordegrap"},
	{Name: "Nadia Namaaksel"},
	{Name: "Teun Generale"},
	{Name: "Roos Stelvoor"},
	{Name: "Malik Droomloket"},
	{Name: "Anouk Oefenbalie"},
	{Name: "Gijs Fantasma"},
}

// PerRole is two, so that a team can see that one person does not see the
// zaken of another.
const PerRole = 2

// Personas returns the invented persons of the development login: PerRole for
// each role, in the order of the roles, and then for each role from outside
// somebody who acts for the first of these, and for inwoners somebody without a
// BSN. The same roles and variant give the same persons with the same pseudonyms,
// so that zaken stay theirs after a restart. Another variant begins with others,
// so that two teams beside each other do not show the same people. Number makes the id of a person out of a
// number, as the login of production does; with nil that is a pseudonym of the
// name.
func Personas(roles []Role, variant int, number func(kind, value string) string) []User {
	next := map[string]int{}
	take := func(kind string, from []User, role Role) User {
		u := from[Turn(len(from), variant, next[kind])]
		next[kind]++
		u.Role = role.Name
		return u.identified(number)
	}
	var all, more []User
	for _, role := range roles {
		first := len(all)
		for range PerRole {
			switch {
			case role.Company:
				all = append(all, take("company", companies, role))
			case role.Citizen:
				all = append(all, take("citizen", citizens, role))
			default:
				all = append(all, take("employee", employees, role))
			}
		}
		if !role.Outside() {
			continue
		}
		agent := all[first+1]
		agent.Represents = all[first].Applicant()
		more = append(more, agent)
		if role.Citizen {
			stranger := european
			stranger.Role = role.Name
			more = append(more, stranger.identified(number))
		}
	}
	return append(all, more...)
}

// Turn is where the i-th of n people stands in their list, in a variant. Each
// variant goes through the whole list in an order of its own until there are no
// more orders: variant 0 in that of the list, and those after it each begin at
// the next PerRole, and then take larger steps. Whoever makes the records of
// development counts in the same way: the numbers in them are of these people.
func Turn(n, variant, i int) int {
	begin := PerRole * (variant % n)
	if n%2 == 0 && variant%n >= n/2 {
		begin++ // the even ones have been
	}
	var steps []int
	for step := 1; step == 1 || step < n; step++ {
		if coprime(step, n) {
			steps = append(steps, step)
		}
	}
	return (begin + i*steps[variant/n%len(steps)]) % n
}

func coprime(a, b int) bool {
	for b != 0 {
		a, b = b, a%b
	}
	return a == 1
}

// identified gives an invented person an id.
func (u User) identified(number func(kind, value string) string) User {
	switch {
	case number != nil && u.BSN != "":
		u.ID = number("BSN", u.BSN)
	case number != nil && u.KVK != "":
		u.ID = number("KVK", u.KVK)
	default:
		u.ID = Pseudonym("nabootsing", u.Role+"/"+u.Name)
	}
	return u
}

// Choice tells an invented person from the others on the login page: one person
// can be there in more than one role, and as somebody who acts for another.
func (u User) Choice() string {
	return Pseudonym("keuze", u.Role+"/"+u.ID+"/"+u.Represents.ID)
}

// Pseudonym derives a stable id from what an issuer calls a person. It cannot
// be turned back without knowing that name; do not feed it a BSN, of which
// there are too few to keep them secret by a hash.
func Pseudonym(issuer, subject string) string {
	sum := sha256.Sum256([]byte(issuer + "\x00" + subject))
	return fmt.Sprintf("p-%x", sum[:12])
}
