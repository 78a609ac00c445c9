package repository

import "cmp"

// Identity is who made a commit.
type Identity struct {
	Name  string
	Email string
}

// Fallback is who makes a commit on a laptop where Git does not know its user.
var Fallback = Identity{Name: "fieldlab", Email: "fieldlab@localhost"}

// Persons are who commits in a place.
type Persons struct {
	Author    Identity
	Committer Identity

	// Missing are the settings of Git that say what Fallback was needed for:
	// user.name, user.email.
	Missing []string
	// Unread are files and conditions that were not understood: git may find
	// another name in them.
	Unread []string
}

// Identify says who commits in a place: what the environment says, else what
// Git's configuration says, as git itself does. Only what git makes up itself,
// of the account and the name of the machine, is not taken.
func Identify(getenv func(string) string, place Place) Persons {
	s := readSettings(getenv, place)
	user := Identity{Name: s.values["user.name"], Email: s.values["user.email"]}
	if only, _ := gitBool(s.values["user.useconfigonly"]); !only {
		user.Email = cmp.Or(user.Email, getenv("EMAIL"))
	}
	author := Identity{Name: getenv("GIT_AUTHOR_NAME"), Email: getenv("GIT_AUTHOR_EMAIL")}.
		or(Identity{Name: s.values["author.name"], Email: s.values["author.email"]}).or(user)
	committer := Identity{Name: getenv("GIT_COMMITTER_NAME"), Email: getenv("GIT_COMMITTER_EMAIL")}.
		or(Identity{Name: s.values["committer.name"], Email: s.values["committer.email"]}).or(user)
	p := Persons{Author: author.or(Fallback), Committer: committer.or(Fallback), Unread: s.unread}
	if author.Name == "" || committer.Name == "" {
		p.Missing = append(p.Missing, "user.name")
	}
	if author.Email == "" || committer.Email == "" {
		p.Missing = append(p.Missing, "user.email")
	}
	return p
}

func (i Identity) or(other Identity) Identity {
	return Identity{Name: cmp.Or(i.Name, other.Name), Email: cmp.Or(i.Email, other.Email)}
}
