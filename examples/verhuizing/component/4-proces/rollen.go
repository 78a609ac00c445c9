package proces

import "git.duinstad.test/burgerzaken/verhuizing/kern/identity"

// roles are who takes part in the process, under the names that proces.bpmn uses.
var roles = []identity.Role{
	{Name: "inwoner", Title: "Inwoner", Citizen: true},
	{Name: "burgerzaken", Title: "Medewerker burgerzaken", Rights: []string{"archief", "inzage"}},
}
