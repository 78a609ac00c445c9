package secret_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
	"github.com/commonground-fieldlab/fieldlab/generator/check/secret"
)

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// made gives n characters in no order, always the same for a seed. Nothing that looks like
// a secret stands in this repository: the tests make theirs.
func made(seed string, n int, from string) string {
	var all strings.Builder
	for sum := sha256.Sum256([]byte(seed)); all.Len() < n; sum = sha256.Sum256(sum[:]) {
		for _, c := range sum {
			if all.Len() < n {
				all.WriteByte(from[int(c)%len(from)])
			}
		}
	}
	return all.String()
}

func hexed(seed string, n int) string {
	sum := sha256.Sum256([]byte(seed))
	return hex.EncodeToString(sum[:])[:n]
}

func pem(kind string) string {
	body := make([]byte, 0, 256)
	for sum := sha256.Sum256([]byte(kind)); len(body) < 240; sum = sha256.Sum256(sum[:]) {
		body = append(body, sum[:]...)
	}
	text := base64.StdEncoding.EncodeToString(body)
	var rows strings.Builder
	for len(text) > 0 {
		n := min(64, len(text))
		rows.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return "-----BEGIN " + kind + "-----\n" + rows.String() + "-----END " + kind + "-----"
}

func token(claims string) string {
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	return encode(`{"alg":"HS256","typ":"JWT"}`) + "." + encode(claims) + "." + made(claims, 43, alphabet)
}

// words are what stands for secrets in testdata.
func words() []string {
	return []string{
		"{{PEM}}", pem("PRIVATE" + " KEY"),
		"{{PEM RSA}}", pem("RSA PRIVATE" + " KEY"),
		"{{PEM BASE64}}", base64.StdEncoding.EncodeToString([]byte(pem("PRIVATE" + " KEY"))),
		"{{CERTIFICATE}}", pem("CERTIFICATE"),
		"{{AWS}}", "AKI" + "A" + made("aws", 16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
		"{{GITHUB}}", "gh" + "p_" + made("github", 36, alphabet),
		"{{GITLAB}}", "gl" + "pat-" + made("gitlab", 20, alphabet),
		"{{NPM}}", "np" + "m_" + made("npm", 36, alphabet),
		"{{JWT}}", token(`{"iss":"verhuizen","client_id":"verhuizen","user_id":"balie"}`),
		"{{JWT UNSIGNED}}", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + token(`{"consent_id":"c-1","scope":"bd:ib"}`)[strings.Index(token(`{}`), "."):],
		"{{JWT BARE}}", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + strings.Split(token(`{"consent_id":"c-1","scope":"bd:ib"}`), ".")[1] + ".",
		"{{JWT PUBLISHED}}", token(`{"sub":"1234567890","name":"John Doe","iat":1516239022}`),
		"{{UUID}}", hexed("uuid", 8) + "-" + hexed("u1", 4) + "-" + hexed("u2", 4) + "-" + hexed("u3", 4) + "-" + hexed("u4", 12),
		"{{RANDOM}}", made("random", 50, alphabet),
		"{{OTHER}}", made("other", 32, alphabet),
		"{{HEX}}", hexed("hex", 40),
		"{{PASSWORD}}", "Duin" + "zicht#" + "84!",
		"{{BASIC}}", base64.StdEncoding.EncodeToString([]byte("koppeling:" + made("basic", 14, alphabet))),
		"{{PLACE}}", "replace-me-" + hexed("place", 16),
		"{{AWS PUBLISHED}}", "AKI" + "A" + "IOSFODNN7" + "EXAMPLE",
		"{{RECORD}}", strings.ToUpper(hexed("record", 32)),
		"{{BASE64}}", base64.StdEncoding.EncodeToString([]byte(made("kubernetes", 24, alphabet))),
	}
}

func TestRules(t *testing.T) {
	checktest.Rules(t, secret.Checker(), "testdata", words()...)
}

// TestNoSecretIsRepeated reads all that is said of all secrets of the tests: of none more
// than its beginning.
func TestNoSecretIsRepeated(t *testing.T) {
	all := words()
	files := map[string]string{}
	for i := 0; i < len(all); i += 2 {
		files["a"+string(rune('a'+i/2))+"/settings.yaml"] = "client_secret: " + all[i+1] + "\nurl: https://app:" + all[i+1] + "@db.duinstad.nl/x\npassword: \"" + all[i+1] + "\"\n"
		files["b"+string(rune('a'+i/2))+"/.env"] = "API_KEY=" + all[i+1] + "\n"
	}
	lines := strings.Join(checktest.Lines(checktest.Run(t, files, secret.Checker()), ""), "\n")
	if strings.Count(lines, "\n") < 20 || !strings.Contains(lines, "secret-file") {
		t.Fatalf("found only\n%s", lines)
	}
	for i := 1; i < len(all); i += 2 {
		value := all[i]
		if len(value) > 100 {
			value = value[30:60]
		}
		for from := 3; from+6 <= len(value); from++ {
			if part := value[from : from+6]; strings.Contains(lines, part) && !strings.Contains(part, " ") && !strings.Contains(part, "--") {
				t.Fatalf("%q of %s is told in\n%s", part, all[i-1], lines)
			}
		}
	}
}

// TestLookAlikes holds what looks like a secret and is none.
func TestLookAlikes(t *testing.T) {
	for name, file := range map[string][2]string{
		"a variable":                      {"config/app.yaml", "password: ${DB_PASSWORD}\nsecret: {{ .Values.secret }}\n"},
		"a reference":                     {"helm/templates/d.yaml", "- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: db, key: password}\n"},
		"the environment in code":         {"src/a.ts", `const secret = process.env.CLIENT_SECRET ?? "";`},
		"the environment in Go":           {"main.go", `token := os.Getenv("API_TOKEN")`},
		"the environment in PHP":          {"config/db.php", `'password' => env('DB_PASSWORD', 'secret'),`},
		"the environment in Python":       {"settings/base.py", `SECRET_KEY = config("SECRET_KEY")`},
		"a label":                         {"src/nl.ts", `Password: "Wachtwoord", newPassword: "Kies een nieuw wachtwoord van 12 tekens",`},
		"the key of a text":               {"src/form.tsx", `<Field name="password" label={t("form.password.label2")} token="auth_token_v2" />`},
		"a type":                          {"src/login.ts", "interface Login {\n  password: string;\n  token: string;\n}"},
		"a rule for passwords":            {"src/rules.ts", `password: "^[A-Za-z0-9]{12,}$",`},
		"the name of a Secret":            {"helm/values.yaml", "existingSecret: verhuizing-database-2\nsecretName: tls-verhuizing-2026\npasswordSecret: db2-app\n"},
		"an address of tokens":            {"config/oidc.yaml", "tokenUrl: https://login.duinstad.nl/oauth2/token\ntoken_endpoint: /oauth2/v2.0/token\n"},
		"an example for others":           {".env.example", "CLIENT_SECRET={{RANDOM}}\n"},
		"a password of a laptop":          {"docker-compose.yml", "environment:\n  POSTGRES_PASSWORD: postgres\n  DATABASE_URL: postgres://postgres:postgres@db/app\n  MYSQL_PASSWORD: \"!ChangeMe!\"\n"},
		"a service of the CI":             {".github/workflows/ci.yml", "env:\n  PGPASSWORD: Welkom2026!\n  TOKEN: ${{ secrets.GITHUB_TOKEN }}\n"},
		"a text about addresses":          {"docs/database.md", "Use postgres://app:Geheim123@db.duinstad.nl/app as the address.\n"},
		"a comment about addresses":       {"src/db.go", "// such as postgres://app:geheim@db.duinstad.nl/app\nvar url string"},
		"an example host":                 {"config/db.yaml", "url: postgres://user:Zomer2026@db.example.com/app\n"},
		"an example in an API":            {"openapi.yaml", "openapi: 3.0.3\ncomponents:\n  schemas:\n    Login:\n      example:\n        token: {{RANDOM}}\n        password: {{PASSWORD}}\n"},
		"a test":                          {"src/login.test.ts", `const user = { password: "{{PASSWORD}}", token: "{{RANDOM}}" };`},
		"a lock file":                     {"package-lock.json", `{"integrity": "sha512-{{RANDOM}}", "token": "{{RANDOM}}"}`},
		"a published token":               {"src/jwt.ts", `const example = "{{JWT PUBLISHED}}";`},
		"a published token of a name":     {"config/app.yaml", "access_token: {{JWT PUBLISHED}}\n"},
		"a token with an empty signature": {"scenarios/deny2.json", `{"consent_token": "{{JWT BARE}}"}`},
		"a token without signature":       {"scenarios/deny.json", `{"consent_token": "{{JWT UNSIGNED}}"}`},
		"the key of a search":             {"site/docusaurus.config.ts", "typesense: {\n  // apiKey: \"{{OTHER}}\", //test\n  apiKey: \"{{RANDOM}}\",\n}"},
		"a version of Kubernetes":         {"src/a.go", "// Kind is (e.g., \"v1\" for Secret, \"security.gardener.cloud/v1alpha1\" for WorkloadIdentity).\n"},
		"code that reads keys":            {"pem.go", "if !bytes.HasPrefix(body, []byte(\"-----BEGIN " + "PRIVATE KEY-----\")) {\n\treturn errNoKey\n}"},
		"a text about keys":               {"README.md", "The file begins with `-----BEGIN " + "PRIVATE KEY-----` and then `...`.\n"},
		"a certificate":                   {"certs/ca.pem", "{{CERTIFICATE}}\n"},
		"a migration":                     {"migrations/0002.py", `dependencies = [("token", "0003_auto_20210312_1507")]`},
		"the name of a record":            {"src/zaken.ts", `const key = "{{RECORD}}";`},
		"settings without secrets":        {".env", "APP_NAME=verhuizen\nLOG_LEVEL=info\nAPP_SECRET=\nDB_PASSWORD=changeme\n"},
		"a truststore":                    {"config/truststore.jks", "x"},
		"a schema":                        {"db/schema.sql", "-- PostgreSQL database dump\nCREATE TABLE zaken (id int);\n"},
		"a checksum":                      {"Dockerfile", "ARG SHA256=" + "{{HEX}}\n"},
		"a value to replace":              {"config/app.yaml", "api_key: {{PLACE}}\naws: {{AWS PUBLISHED}}\n"},
		"a usual password":                {"config/db.yaml", "location: https://db.duinstad.nl\nusername: app\npassword: postgres\n"},
		"an address of a laptop":          {"config/db.yaml", "url: postgres://app:Duinzicht84@localhost/app\n"},
		"an address in development":       {"docker-compose.yml", "url: postgres://app:Duinzicht84@db.intern/app\n"},
		"names of fields":                 {"src/admin.py", `"fields": ("email", "password1", "password2"),`},
		"pagination":                      {"src/page.ts", `nextToken: "{{OTHER}}", csrfToken: "{{OTHER}}",`},
		"a registry without login":        {".npmrc", "registry=https://registry.npmjs.org/\n//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := strings.NewReplacer(words()...).Replace(file[1])
			if lines := checktest.Lines(checktest.Run(t, map[string]string{file[0]: body}, secret.Checker()), ""); len(lines) > 0 {
				t.Errorf("%s gives %q", file[0], lines)
			}
		})
	}
}

// TestAllowed: what the team allows in its scanner does not fall short, and is said.
func TestAllowed(t *testing.T) {
	body := strings.NewReplacer(words()...).Replace(`TOKEN = "{{RANDOM}}"  # gitleaks:allow`)
	result := checktest.Run(t, map[string]string{"src/a.py": body}, secret.Checker())
	for _, v := range result.Verdicts {
		if v.Rule.ID == "secret-password" && (v.Outcome != check.Excepted || len(v.Findings) != 1 || v.Findings[0].Accepted != "gitleaks:allow") {
			t.Errorf("%s: %+v", v.Outcome, v.Findings)
		}
	}
}

// FuzzFile looks for input that makes a checker panic, hang, or tell of a place that is
// not there.
func FuzzFile(f *testing.F) {
	for i, all := 1, words(); i < len(all); i += 2 {
		f.Add("a.yaml", "password: "+all[i]+"\n- name: X_TOKEN\n  value: "+all[i])
		f.Add("a.php", "'api_key' => '"+all[i]+"'")
	}
	f.Add("b.yaml", "kind: Secret\ndata:\n  a: \xff\xfe\n")
	f.Add(".env", "A_PASSWORD=\x00")
	f.Fuzz(func(t *testing.T, name, body string) {
		if name == "" || strings.ContainsAny(name, "\x00\\") || !strings.HasPrefix(name, ".") && !strings.Contains(name, ".") || strings.Contains(name, "..") || strings.Contains(name, "/") || name == "." {
			t.Skip()
		}
		result := checktest.Run(t, map[string]string{name: body}, secret.Checker())
		for _, v := range result.Verdicts {
			for _, m := range v.Missed {
				t.Errorf("%s: %s", v.Rule.ID, m.Why)
			}
			for _, found := range v.Findings {
				if found.Line > strings.Count(body, "\n")+1 || v.Rule.Severity == check.Error && v.Rule.ID == "" {
					t.Errorf("%+v", found)
				}
			}
		}
	})
}
