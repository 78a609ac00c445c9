package nabootsing

import (
	"encoding/json"
	"net/http"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/fsc"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/nabootsing/bron"
)

// Domains of errors (FSC Core 2, "Error handling").
const (
	domainOutway = "ERROR_DOMAIN_OUTWAY"
	domainInway  = "ERROR_DOMAIN_INWAY"
)

// fscFout is an error in the form of FSC Core.
type fscFout struct {
	status  int
	domain  string
	code    string
	message string
}

// Error implements error.
func (f *fscFout) Error() string { return f.code + ": " + f.message }

// Errors of the inway: codes of FSC Core 2 ("Inway", "Codes") and of FSC
// Logging 1.0, which has no prefix.
var (
	tokenMissing       = &fscFout{401, domainInway, "ERROR_CODE_ACCESS_TOKEN_MISSING", "the header Fsc-Authorization holds no access token"}
	tokenInvalid       = &fscFout{401, domainInway, "ERROR_CODE_ACCESS_TOKEN_INVALID", "the access token is not valid here"}
	tokenExpired       = &fscFout{401, domainInway, "ERROR_CODE_ACCESS_TOKEN_EXPIRED", "the access token has expired"}
	wrongGroup         = &fscFout{403, domainInway, "ERROR_CODE_WRONG_GROUP_ID_IN_TOKEN", "the access token is of another group"}
	serviceNotFound    = &fscFout{404, domainInway, "ERROR_CODE_SERVICE_NOT_FOUND", "this inway does not offer the service"}
	serviceUnreachable = &fscFout{502, domainInway, "ERROR_CODE_SERVICE_UNREACHABLE", "the service cannot be reached"}
	inwayLogError      = &fscFout{500, domainInway, "TRANSACTION_LOG_WRITE_ERROR", "the transaction log cannot be written"}
	idMissing          = &fscFout{400, domainInway, "MISSING_LOG_RECORD_ID", "the header Fsc-Transaction-Id is missing"}
)

// Errors of the outway. The standard names only the first. The second is what
// OpenFSC answers; of the others the names are ours: a client looks at the
// status and at the presence of Fsc-Error-Code.
var (
	methodUnsupported  = &fscFout{405, domainOutway, "ERROR_CODE_METHOD_UNSUPPORTED", "the method CONNECT is not supported"}
	unknownGrant       = &fscFout{400, domainOutway, "UNKNOWN_GRANT_HASH_IN_HEADER", "unknown grant hash in header Fsc-Grant-Hash"}
	outwayLogError     = &fscFout{500, domainOutway, "TRANSACTION_LOG_WRITE_ERROR", "the transaction log cannot be written"}
	managerUnreachable = &fscFout{502, domainOutway, "MANAGER_UNREACHABLE", "the manager of the peer gives no access token"}
	inwayUnreachable   = &fscFout{502, domainOutway, "INWAY_UNREACHABLE", "the inway of the peer cannot be reached"}
)

func tokenRefused(why string) *fscFout {
	return &fscFout{403, domainOutway, "ACCESS_TOKEN_REFUSED", "the manager of the peer refuses an access token: " + why}
}

func tokenUnusable(why string) *fscFout {
	return &fscFout{502, domainOutway, "ACCESS_TOKEN_UNUSABLE", "the access token cannot be used: " + why}
}

func idInvalid(domain, why string) *fscFout {
	return &fscFout{400, domain, "INVALID_LOG_RECORD_ID", why}
}

// weiger answers with an error in the form of FSC Core.
func weiger(w http.ResponseWriter, f *fscFout) {
	h := w.Header()
	h.Set(fsc.HeaderErrorCode, f.code)
	h.Set("Content-Type", "application/json")
	if f.domain == domainOutway {
		h.Set(bron.HeaderNabootsing, naamOutway)
	} else {
		h.Set(bron.HeaderNabootsing, naamInway)
	}
	if f.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	schrijfJSON(w, f.status, map[string]string{"message": f.message, "domain": f.domain, "code": f.code})
}

func schrijfJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // when the caller has gone there is nobody to tell
}
