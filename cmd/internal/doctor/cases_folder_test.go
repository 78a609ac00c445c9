package doctor

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// long is a path of so many characters.
func long(begin string, n int) string { return begin + strings.Repeat("a", n-len(begin)) }

var aboutFolder = []provoked{
	{linux, func(*laptop) {}, "path.short", OK, ""},
	{linux, at(long("/home/jan/", 400)), "path.short", OK, ""},
	{linux, at(long("/home/jan/", 1000)), "path.long", Wrong, "cd /home/jan/werk"},
	{windows, at(long(`C:\Users\jan\`, 200)), "path.long", Wrong, `C:\werk`},
	{windows, at(long(`C:\Users\jan\`, 150)), "path.short", OK, ""},
	{linux, at("/home/jan/a\tb"), "path.strange", Mind, ""},
	{linux, at("/home/jan/a:b"), "path.strange", Mind, ""},
	{linux, func(*laptop) {}, "sync.none", OK, ""},
	{windows, at(`C:\Users\jan\Tredrive\x`), "sync.none", OK, ""},
	{windows, all(env("PSModulePath", inPowerShell), at(`C:\Users\jan\OneDrive - Gemeente Duinstad\Documenten`)), "sync.in", Mind, `mkdir -Force C:\werk; cd C:\werk`},
	{windows, all(env("PROMPT", "x"), env("OneDriveCommercial", `D:\Wolk`), at(`d:\wolk\Documenten`)), "sync.in", Mind, `mkdir C:\werk & cd /d C:\werk`},
	{darwin, at("/Users/jan/Library/Mobile Documents/com~apple~CloudDocs/x"), "sync.in", Mind, "mkdir -p /Users/jan/werk && cd /Users/jan/werk"},
	{darwin, at("/Users/jan/Library/CloudStorage/Iets"), "sync.in", Mind, "*"},
	{darwin, all(at("/Users/jan/Documents/x"), func(l *laptop) { l.files["/Users/jan/Library/Mobile Documents/com~apple~CloudDocs/Documents"] = "" }), "sync.in", Mind, "*"},
	{darwin, at("/Users/jan/Documents/x"), "sync.none", OK, ""},
	{linux, at("/home/jan/Dropbox (Team)/x"), "sync.in", Mind, "*"},
	{linux, at("/home/jan/Google Drive/x"), "sync.in", Mind, "*"},
	{windows, at(`G:\Mijn Drive\x`), "sync.in", Mind, "*"},
	{linux, func(*laptop) {}, "network-drive.own", OK, ""},
	{windows, all(env("PSModulePath", inPowerShell), at(`\\server\deel\jan`)), "network-drive.share", Mind, `C:\werk`},
	{windows, at(`\\wsl.localhost\Ubuntu\home\jan`), "network-drive.wsl", Mind, ""},
	{linux, all(env("WSL_DISTRO_NAME", "Ubuntu"), at("/mnt/c/Users/jan"), func(l *laptop) { l.volumes["/mnt/c/Users/jan"] = Volume{Free: 9 << 30, Remote: true, Kind: "9p"} }), "network-drive.from-wsl", Mind, "*"},
	{darwin, func(l *laptop) { l.volumes[l.Dir] = Volume{Free: 9 << 30, Remote: true, Kind: "smbfs"} }, "network-drive.remote", Mind, "*"},
	{linux, func(l *laptop) { l.volumes = nil }, "network-drive.failed", Unknown, ""},
	{linux, func(l *laptop) { l.files["ls /home/jan"] = "werk Werk" }, "case.same", OK, ""},
	{windows, all(env("PROMPT", "x"), at(`c:\users\jan\werk\Zaak`), func(l *laptop) {
		l.files[`ls c:\`], l.files[`ls c:\users`], l.files[`ls c:\users\jan`] = "Users Windows", "jan", "Werk"
	}), "case.other", Mind, `cd c:\Users\jan\werk\Zaak`},
	{darwin, func(l *laptop) { l.files["ls /Users/jan"] = "Werk" }, "case.other", Mind, "cd /Users/jan/Werk"},
}

func takenBy(address, who string) func(*laptop) {
	return func(l *laptop) { l.taken[address] = who }
}

func refuses(address string, err error) func(*laptop) {
	return func(l *laptop) { l.refused[address] = err }
}

var aboutNetwork = []provoked{
	{linux, func(*laptop) {}, "ports.free", OK, ""},
	{linux, env("PORT", "80 80"), "ports.no-number", Wrong, "unset PORT"},
	{linux, env("PORT", "70000"), "ports.no-number", Wrong, "unset PORT"},
	{linux, takenBy("127.0.0.1:8081", ""), "ports.taken", Wrong, "PORT=8090 go run ."},
	{linux, takenBy("[::1]:8080", ""), "ports.taken", Wrong, "PORT=8090 go run ."},
	{windows, all(env("PSModulePath", inPowerShell), takenBy("127.0.0.1:8080", "")), "ports.taken", Wrong, "$env:PORT = '8090'; go run ."},
	{windows, all(env("PROMPT", "x"), takenBy("127.0.0.1:8080", ""), takenBy("127.0.0.1:8092", "")), "ports.taken", Wrong, `set "PORT=8100" && go run .`},
	{windows, all(env("MSYSTEM", "MINGW64"), takenBy("127.0.0.1:8080", "")), "ports.taken", Wrong, "PORT=8090 go run ."},
	{linux, refuses("127.0.0.1:8083", syscall.EADDRINUSE), "ports.taken", Wrong, "PORT=8090 go run ."},
	{linux, takenBy("127.0.0.1:8080", "parkeren interactie"), "ports.component", Wrong, "PORT=8090 go run ."},
	{linux, takenBy("127.0.0.1:8080", "\x1b[2J <b>"), "ports.taken", Wrong, "PORT=8090"},
	{linux, all(func(l *laptop) { l.component() }, takenBy("127.0.0.1:8080", "verhuizing interactie")), "ports.own", OK, ""},
	{windows, all(env("PROMPT", "x"), refuses("127.0.0.1:8080", windowsAccess)), "ports.kept", Wrong, "PORT=8090"},
	{linux, all(env("PORT", "80"), refuses("127.0.0.1:80", syscall.EACCES)), "ports.denied", Wrong, "PORT=90"},
	{linux, func(l *laptop) { // the port of the answers, unless PORT says otherwise
		l.component()
		l.put("fieldlab.yaml", string(l.own["fieldlab.yaml"].Data)+"\n# x\n")
		l.own["fieldlab.yaml"].Data = []byte("component: {name: verhuizing}\ndelivery: {port: 8110}\n")
		l.taken["127.0.0.1:8112"] = ""
	}, "ports.taken", Wrong, "PORT=8120 go run ."},
	{linux, func(*laptop) {}, "proxy.none", OK, ""},
	{linux, all(env("HTTPS_PROXY", "http://jan:geheim@proxy.duinstad.test:3128")), "proxy.not-local", Mind, "export NO_PROXY=localhost,127.0.0.1,::1"},
	{windows, all(env("PSModulePath", inPowerShell), env("HTTP_PROXY", "proxy:3128"), env("NO_PROXY", ".duinstad.test")), "proxy.not-local", Mind, "$env:NO_PROXY = '.duinstad.test,localhost,127.0.0.1,::1'"},
	{linux, all(env("http_proxy", "http://proxy:3128"), env("no_proxy", "localhost, 127.0.0.1")), "proxy.fine", OK, ""},
	{linux, all(env("http_proxy", "http://proxy:3128"), env("no_proxy", "*")), "proxy.fine", OK, ""},
	{linux, env("HTTP_PROXY", "een proxy"), "proxy.no-address", Wrong, "unset HTTP_PROXY"},
	{linux, func(*laptop) {}, "localhost.both", OK, ""},
	{linux, func(l *laptop) { l.names = []string{"127.0.0.1"} }, "localhost.only-four", OK, ""},
	{linux, func(l *laptop) { l.names = []string{"::1"} }, "localhost.only-six", Wrong, "/etc/hosts"},
	{linux, func(l *laptop) { l.names = nil }, "localhost.unknown", Wrong, "/etc/hosts"},
	{windows, all(env("PSModulePath", inPowerShell), func(l *laptop) { l.names = []string{"10.0.0.5"} }), "localhost.elsewhere", Wrong, `Start-Process notepad 'C:\Windows\System32\drivers\etc\hosts' -Verb RunAs`},
	{windows, all(env("PROMPT", "x"), func(l *laptop) { l.names = []string{"10.0.0.5"} }), "localhost.elsewhere", Wrong, "powershell Start-Process"},
	{windows, all(env("MSYSTEM", "x"), func(l *laptop) { l.names = []string{"10.0.0.5"} }), "localhost.elsewhere", Wrong, "notepad"},
	{linux, func(l *laptop) {
		l.files["/etc/hosts"] = "# localhost 1.2.3.4\n127.0.0.1 localhost\n\n10.0.0.5  db LocalHost # x\n"
	}, "localhost.hosts", Wrong, "sudo nano /etc/hosts"},
	{linux, func(l *laptop) {
		l.files["/etc/hosts"] = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n10.0.0.5 db\n"
	}, "localhost.both", OK, ""},
	{linux, refuses("loopback", errors.New("i/o timeout")), "localhost.blocked", Wrong, ""},
}

// edit puts one text in the place of another in a file of the component.
func edit(name, old, now string) func(*laptop) {
	return func(l *laptop) {
		l.component()
		if !strings.Contains(string(l.own[name].Data), old) {
			panic(name)
		}
		l.put(name, strings.Replace(string(l.own[name].Data), old, now, 1))
	}
}

func write(name, body string) func(*laptop) {
	return func(l *laptop) {
		if l.own == nil {
			l.component()
		}
		l.put(name, body)
	}
}

func without(name string) func(*laptop) {
	return func(l *laptop) { l.component(); delete(l.own, name) }
}

func whole(l *laptop) { l.component() }

// sqlite is a file that looks like a database in which something ran.
func sqlite(pages uint32, held string) string {
	header := make([]byte, sqliteHeader)
	copy(header, sqliteMagic)
	binary.BigEndian.PutUint16(header[16:], 4096)
	binary.BigEndian.PutUint32(header[28:], pages)
	body := string(header) + "CREATE TABLE " + kernsTable + held
	return body + strings.Repeat("\x00", 4096-len(body))
}

const (
	firstSQLite   = "1-gegevens/migraties/sqlite/0001_register.sql"
	firstPostgres = "1-gegevens/migraties/postgres/0001_register.sql"
	ownDatabase   = ".data/verhuizing.db"
)

// ran is what a database holds of a migration that ran with a text.
func ran(body string) string {
	return "0001_register.sql" + plan.SumOf([]byte(body)) + "2026-11-30T09:00:00Z"
}

// mode gives a file of the component another mode.
func mode(name string, m fs.FileMode) func(*laptop) {
	return func(l *laptop) { l.own[name] = &fstest.MapFile{Data: []byte(sqlite(1, "")), Mode: m} }
}
