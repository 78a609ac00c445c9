package paginas

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// The audiences that log in, as the names of settings have them.
const (
	audienceCitizen  = "CITIZEN"
	audienceCompany  = "COMPANY"
	audienceEmployee = "EMPLOYEE"
)

var audiences = []string{audienceCitizen, audienceCompany, audienceEmployee}

// audienceOf is the audience of a role.
func audienceOf(r identity.Role) string {
	switch {
	case r.Company:
		return audienceCompany
	case r.Citizen:
		return audienceCitizen
	}
	return audienceEmployee
}

// OIDC are the settings of one way to log in in production: of one audience, or
// of all that have none of their own.
type OIDC struct {
	Prefix                                      string // of the settings: OIDC_ or OIDC_CITIZEN_
	Issuer, ClientID, ClientSecret, RedirectURL string

	RoleClaim   string // where the roles stand, with dots: realm_access.roles; default roles
	RoleMap     string // what the provider calls them: "groep=rol,groep=rol"; default the same names
	DefaultRole string // for who has no role claim at all, such as an inwoner; "" lets nobody in without

	// Where numbers stand, with dots; "" for nowhere.
	BSNClaim, KVKClaim, BranchClaim, RSINClaim, EUClaim string
	// The same of the person for whom somebody acts.
	RepresentedBSNClaim, RepresentedKVKClaim, RepresentedBranchClaim, RepresentedNameClaim string

	Levels  []string          // of assurance, from low to high, as acr names them; none asks none
	Minimum map[string]string // per audience the lowest that will do; "" is the lowest of Levels
}

// ReadOIDC reads the ways to log in from the environment: one for each audience
// with settings of its own, and one for the rest.
func ReadOIDC(env func(string) string) []OIDC {
	var all []OIDC
	for _, audience := range audiences {
		if env("OIDC_"+audience+"_ISSUER") != "" {
			all = append(all, readOIDC(env, "OIDC_"+audience+"_"))
		}
	}
	if env("OIDC_ISSUER") != "" {
		all = append(all, readOIDC(env, "OIDC_"))
	}
	return all
}

func readOIDC(env func(string) string, prefix string) OIDC {
	get := func(name string) string { return strings.TrimSpace(env(prefix + name)) }
	o := OIDC{
		Prefix: prefix, Issuer: get("ISSUER"), ClientID: get("CLIENT_ID"), ClientSecret: get("CLIENT_SECRET"), RedirectURL: get("REDIRECT_URL"),
		RoleClaim: get("ROLE_CLAIM"), RoleMap: get("ROLE_MAP"), DefaultRole: get("DEFAULT_ROLE"),
		BSNClaim: get("BSN_CLAIM"), KVKClaim: get("KVK_CLAIM"), BranchClaim: get("BRANCH_CLAIM"), RSINClaim: get("RSIN_CLAIM"), EUClaim: get("EU_CLAIM"),
		RepresentedBSNClaim: get("REPRESENTED_BSN_CLAIM"), RepresentedKVKClaim: get("REPRESENTED_KVK_CLAIM"),
		RepresentedBranchClaim: get("REPRESENTED_BRANCH_CLAIM"), RepresentedNameClaim: get("REPRESENTED_NAME_CLAIM"),
		Levels: listed(get("LEVELS")), Minimum: map[string]string{},
	}
	if o.RoleClaim == "" {
		o.RoleClaim = "roles"
	}
	if o.RedirectURL == "" {
		o.RedirectURL = strings.TrimSpace(env("OIDC_REDIRECT_URL"))
	}
	for _, audience := range audiences {
		o.Minimum[audience] = get("MINIMUM")
		if own := strings.TrimSpace(env("OIDC_" + audience + "_MINIMUM")); prefix == "OIDC_" && own != "" {
			o.Minimum[audience] = own
		}
	}
	return o
}

// listed reads texts with commas between them.
func listed(text string) []string {
	var all []string
	for one := range strings.SplitSeq(text, ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// serves says whether the way is for an audience, when others may have one of
// their own.
func (o OIDC) serves(audience string, all []OIDC) bool {
	own := "OIDC_" + audience + "_"
	if o.Prefix == own {
		return true
	}
	return o.Prefix == "OIDC_" && !slices.ContainsFunc(all, func(other OIDC) bool { return other.Prefix == own })
}

// rank is how high a level is: 0 for one that is not on the list.
func (o OIDC) rank(level string) int { return slices.Index(o.Levels, level) + 1 }

// minimum is the rank that is enough for an audience.
func (o OIDC) minimum(audience string) int {
	return max(o.rank(o.Minimum[audience]), min(1, len(o.Levels)))
}

// LoginFaults says what is missing or wrong in the settings with which these
// roles log in, all at once and without their values.
func LoginFaults(roles []identity.Role, env func(string) string) (faults []string) {
	ways := ReadOIDC(env)
	missing := map[string]bool{}
	for _, role := range roles {
		audience := audienceOf(role)
		if !role.Anonymous && !slices.ContainsFunc(ways, func(o OIDC) bool { return o.serves(audience, ways) }) && !missing[audience] {
			missing[audience] = true
			faults = append(faults, "OIDC_"+audience+"_ISSUER ontbreekt: inloggen met OpenID Connect voor de rol "+role.Title+"; stel dit in met OIDC_"+audience+"_CLIENT_ID, OIDC_"+audience+"_CLIENT_SECRET en OIDC_"+audience+"_REDIRECT_URL, of OIDC_ISSUER met OIDC_CLIENT_ID, OIDC_CLIENT_SECRET en OIDC_REDIRECT_URL voor iedereen")
		}
	}
	if len(ways) == 0 && len(missing) == 0 {
		ways = []OIDC{readOIDC(env, "OIDC_")}
	}
	faults = append(faults, unusedLogins(env)...)
	for _, o := range ways {
		for name, value := range map[string]string{"ISSUER": o.Issuer, "CLIENT_ID": o.ClientID, "CLIENT_SECRET": o.ClientSecret, "REDIRECT_URL": o.RedirectURL} {
			if value == "" {
				faults = append(faults, o.Prefix+name+" ontbreekt: inloggen met OpenID Connect")
			}
		}
		for name, value := range map[string]string{"ISSUER": o.Issuer, "REDIRECT_URL": o.RedirectURL} {
			if u, err := url.Parse(value); value != "" && (err != nil || u.Scheme != "https" || u.Host == "") {
				faults = append(faults, o.Prefix+name+" is geen adres met https: wie meeluistert zou kunnen inloggen")
			} else if name == "REDIRECT_URL" && value != "" && u.Path != backPath {
				faults = append(faults, o.Prefix+name+" eindigt niet op "+backPath+": daar komt de inlogvoorziening terug, en alleen dat adres bestaat")
			}
		}
		if _, err := newWay(o, ways, roles); err != nil {
			faults = append(faults, err.Error())
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// ofProvider are the settings that mean nothing for an audience without a provider
// of its own. What stands there protects nobody: levels are not asked then.
var ofProvider = []string{"CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URL", "ROLE_CLAIM", "ROLE_MAP", "DEFAULT_ROLE", "LEVELS", "BSN_CLAIM", "KVK_CLAIM", "BRANCH_CLAIM",
	"RSIN_CLAIM", "EU_CLAIM", "REPRESENTED_BSN_CLAIM", "REPRESENTED_KVK_CLAIM", "REPRESENTED_BRANCH_CLAIM", "REPRESENTED_NAME_CLAIM"}

// unusedLogins are the settings of an audience that nobody reads.
func unusedLogins(env func(string) string) (faults []string) {
	for _, audience := range audiences {
		if env("OIDC_"+audience+"_ISSUER") != "" {
			continue
		}
		for _, name := range ofProvider {
			if env("OIDC_"+audience+"_"+name) != "" {
				faults = append(faults, "OIDC_"+audience+"_"+name+" telt niet zonder OIDC_"+audience+"_ISSUER; zet die erbij, of gebruik OIDC_"+name)
			}
		}
	}
	return faults
}

// check judges what no provider is needed for. The minimum of an audience that has
// a way of its own says nothing of this one.
func (o OIDC) check(all []OIDC) error {
	for _, audience := range audiences {
		if level := o.Minimum[audience]; level != "" && o.serves(audience, all) && o.rank(level) == 0 {
			return fmt.Errorf("%sLEVELS noemt het niveau niet dat bij MINIMUM staat", o.Prefix)
		}
	}
	for i, level := range o.Levels {
		if strings.ContainsFunc(level, func(r rune) bool { return r <= ' ' || r > '~' }) || slices.Contains(o.Levels[:i], level) {
			return fmt.Errorf("%sLEVELS: niveau %d staat er twee keer of kan geen acr-waarde zijn", o.Prefix, i+1)
		}
	}
	return nil
}
