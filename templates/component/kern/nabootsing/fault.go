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

// fscFault is an error in the form of FSC Core.
type fscFault struct {
	status  int
	domain  string
	code    string
	message string
}

// Error implements error.
func (f *fscFault) Error() string { return f.code + ": " + f.message }

// Errors of the inway: codes of FSC Core 2 ("Inway", "Codes") and of FSC
// Logging 1.0, which has no prefix.
var (
	tokenMissing       = &fscFault{401, domainInway, "ERROR_CODE_ACCESS_TOKEN_MISSING", "the header Fsc-Authorization holds no access token"}
	tokenInvalid       = &fscFault{401, domainInway, "ERROR_CODE_ACCESS_TOKEN_INVALID", "the access token is not valid here"}
	tokenExpired       = &fscFault{401, domainInway, "ERROR_CODE_ACCESS_TOKEN_EXPIRED", "the access token has expired"}
	wrongGroup         = &fscFault{403, domainInway, "ERROR_CODE_WRONG_GROUP_ID_IN_TOKEN", "the access token is of another group"}
	serviceNotFound    = &fscFault{404, domainInway, "ERROR_CODE_SERVICE_NOT_FOUND", "this inway does not offer the service"}
	serviceUnreachable = &fscFault{502, domainInway, "ERROR_CODE_SERVICE_UNREACHABLE", "the service cannot be reached"}
	inwayLogError      = &fscFault{500, domainInway, "TRANSACTION_LOG_WRITE_ERROR", "the transaction log cannot be written"}
	idMissing          = &fscFault{400, domainInway, "MISSING_LOG_RECORD_ID", "the header Fsc-Transaction-Id is missing"}
)

// Errors of the outway. The standard names only the first. The second is what
// OpenFSC answers; of the others the names are ours: a client looks at the
// status and at the presence of Fsc-Error-Code.
var (
	methodUnsupported  = &fscFault{405, domainOutway, "ERROR_CODE_METHOD_UNSUPPORTED", "the method CONNECT is not supported"}
	unknownGrant       = &fscFault{400, domainOutway, "UNKNOWN_GRANT_HASH_IN_HEADER", "unknown grant hash in header Fsc-Grant-Hash"}
	outwayLogError     = &fscFault{500, domainOutway, "TRANSACTION_LOG_WRITE_ERROR", "the transaction log cannot be written"}
	managerUnreachable = &fscFault{502, domainOutway, "MANAGER_UNREACHABLE", "the manager of the peer gives no access token"}
	inwayUnreachable   = &fscFault{502, domainOutway, "INWAY_UNREACHABLE", "the inway of the peer cannot be reached"}
)

func tokenRefused(why string) *fscFault {
	return &fscFault{403, domainOutway, "ACCESS_TOKEN_REFUSED", "the manager of the peer refuses an access token: " + why}
}

func tokenUnusable(why string) *fscFault {
	return &fscFault{502, domainOutway, "ACCESS_TOKEN_UNUSABLE", "the access token cannot be used: " + why}
}

func idInvalid(domain, why string) *fscFault {
	return &fscFault{400, domain, "INVALID_LOG_RECORD_ID", why}
}

// refuse answers with an error in the form of FSC Core.
func refuse(w http.ResponseWriter, f *fscFault) {
	h := w.Header()
	h.Set(fsc.HeaderErrorCode, f.code)
	h.Set("Content-Type", "application/json")
	if f.domain == domainOutway {
		h.Set(bron.HeaderStandIn, nameOutway)
	} else {
		h.Set(bron.HeaderStandIn, nameInway)
	}
	if f.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	writeJSON(w, f.status, map[string]string{"message": f.message, "domain": f.domain, "code": f.code})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // when the caller has gone there is nobody to tell
}
