package source

import (
	"bytes"
	"context"
	"regexp"
	"strings"
	"sync"
)

var (
	stored = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(localStorage|sessionStorage)\.setItem\(\s*["'` + "`" + `]([\w.:-]{1,60})["'` + "`" + `]\s*,\s*([^\n;]{1,80})`)
	})
	constant = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:null|undefined|true|false|["'][^"']*["']|\d+)\s*\)`)
	})
)

// kept are words of keys under which a browser keeps who somebody is or what somebody asks.
var kept = map[string]bool{
	"user": true, "gebruiker": true, "person": true, "persoon": true, "persoonsgegevens": true, "bsn": true, "burger": true, "inwoner": true, "burgerservicenummer": true,
	"request": true, "verzoek": true, "aanvraag": true, "aangifte": true, "melding": true, "zaak": true, "zaken": true, "dossier": true,
	"form": true, "formdata": true, "formulier": true, "address": true, "adres": true, "profile": true, "profiel": true, "contact": true, "email": true, "telefoon": true,
}

// Words that make something else of a key: "userLanguage", "form-collapsed".
var notKept = map[string]bool{
	"language": true, "lang": true, "taal": true, "locale": true, "theme": true, "thema": true, "preference": true, "preferences": true, "settings": true, "collapsed": true, "open": true, "closed": true,
	"url": true, "sort": true, "filter": true, "filters": true, "columns": true, "view": true, "size": true, "width": true, "tab": true, "page": true, "step": true, "count": true, "seen": true, "dismissed": true, "consent": true,
	"token": true, "id": true, "timeout": true, "version": true, "agent": true, "mode": true, "type": true, "toggle": true, "redirect": true, "name": true, "username": true,
}

// browserStorage looks for data of persons and of zaken that stay behind in a browser.
func (l *look) browserStorage(ctx context.Context, t *text) {
	if t.file.Test || !containsAny(t.body, "localStorage", "sessionStorage") {
		return
	}
	l.to.Looked("privacy-browser-storage")
	t.each("Storage.setItem(", func(at int) bool {
		start, _ := t.around(at)
		m := stored().FindSubmatchIndex(t.body[start:min(len(t.body), at+3*width)])
		if m == nil || constant().Match(t.body[start+m[6]:start+m[7]]) {
			return ctx.Err() == nil
		}
		key := string(t.body[start+m[4] : start+m[5]])
		if where := string(t.body[start+m[2] : start+m[3]]); (isKept(key) || holdsKept(t.body[start+m[6]:start+m[7]])) && l.once(where+key) {
			l.add("privacy-browser-storage", "", t, start+m[2], where, key)
		}
		return ctx.Err() == nil
	})
}

func isKept(key string) bool {
	found := false
	for _, word := range words(key) {
		if notKept[word] {
			return false
		}
		found = found || kept[word]
	}
	return found || kept[strings.ToLower(key)]
}

var named = once(`[A-Za-z_$][\w$]*(?:\??\.[\w$]+)*`)

// holdsKept says whether a value is made of what a person filled in, whatever it is
// called when it is kept.
func holdsKept(value []byte) bool {
	for _, name := range named().FindAll(value, 20) {
		if isKept(strings.ReplaceAll(string(name), "?", "")) {
			return true
		}
	}
	return false
}

// words splits a name: userProfile, user_profile, user-profile.
func words(name string) []string {
	var all []string
	start := 0
	for i := 1; i <= len(name); i++ {
		if i == len(name) || name[i] >= 'A' && name[i] <= 'Z' && !(name[i-1] >= 'A' && name[i-1] <= 'Z') || strings.IndexByte("_-.: ", name[i]) >= 0 {
			if word := strings.Trim(name[start:i], "_-.: "); word != "" {
				all = append(all, strings.ToLower(word))
			}
			start = i
		}
	}
	return all
}

// outsider is a host of a company that hears who opens a page.
type outsider struct {
	host, which string
}

var outsiders = []outsider{
	{"www.google-analytics.com", "tracker"}, {"ssl.google-analytics.com", "tracker"}, {"www.googletagmanager.com", "tracker"}, {"connect.facebook.net", "tracker"}, {"static.hotjar.com", "tracker"},
	{"snap.licdn.com", "tracker"}, {"www.clarity.ms", "tracker"}, {"static.doubleclick.net", "tracker"}, {"analytics.tiktok.com", "tracker"}, {"cdn.segment.com", "tracker"}, {"cdn.mxpnl.com", "tracker"},
	{"fonts.googleapis.com", "font"}, {"fonts.gstatic.com", "font"}, {"use.typekit.net", "font"}, {"kit.fontawesome.com", "font"}, {"use.fontawesome.com", "font"},
	{"cdnjs.cloudflare.com", "cdn"}, {"cdn.jsdelivr.net", "cdn"}, {"unpkg.com", "cdn"}, {"maxcdn.bootstrapcdn.com", "cdn"}, {"stackpath.bootstrapcdn.com", "cdn"}, {"code.jquery.com", "cdn"},
	{"ajax.googleapis.com", "cdn"}, {"cdn.tailwindcss.com", "cdn"}, {"esm.sh", "cdn"}, {"cdn.skypack.dev", "cdn"},
}

// loads is what makes a browser fetch what comes behind it.
var loads = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)(?:<(?:script|iframe|img)\b[^>]*\bsrc\s*=\s*\{?["']?|<link\b[^>]*\bhref\s*=\s*\{?["']?|@import\s+(?:url\()?["']?|\burl\(\s*["']?|\bfrom\s+["']|\bimport\(?\s*["']|\.src\s*=\s*["'` + "`" + `]|\bsrc:\s*["'` + "`" + `]|\bhref:\s*["'` + "`" + `])(?:https?:)?//$`)
})

// policy is a list of hosts that a page may load from: it loads nothing.
var policy = once(`(?i)\b(?:script|style|font|img|connect|default|frame)-?src\b\s*[:'"]?\s*(?:[:\['"]|https?:)|\bcsp|content-security`)

// pages looks for what a page has loaded at others. A preconnect loads nothing, and a
// policy that allows a host does not either.
func (l *look) pages(ctx context.Context, t *text) {
	if t.file.Test || isSample(t.file.Path) {
		return
	}
	if t.kind&(page|style) == 0 && !containsAny(t.body, "<script", "<link", "createElement", ".src", "src:") {
		return
	}
	l.to.Looked("privacy-trackers")
	if !containsAny(t.body, "//") {
		return
	}
	for _, o := range outsiders {
		t.each("//"+o.host, func(at int) bool {
			start, end := t.around(at)
			if s, e := t.tag(at); e > 0 {
				start, end = min(start, s), max(end, e)
			}
			line := t.body[start : at+2]
			if !loads().Match(line) && !(o.which == "tracker" && t.kind&(page|script) != 0) {
				return ctx.Err() == nil
			}
			if rest := t.body[start:end]; !policy().Match(rest) && !bytes.Contains(rest, []byte("preconnect")) && !bytes.Contains(rest, []byte("dns-prefetch")) && l.once(o.host) {
				l.add("privacy-trackers", o.which, t, at+2, o.host)
			}
			return ctx.Err() == nil
		})
	}
}

// tag gives the tag in which an offset is, when it began on an earlier line.
func (t *text) tag(at int) (start, end int) {
	from := max(0, at-width)
	open := bytes.LastIndexByte(t.body[from:at], '<')
	if open < 0 || bytes.IndexByte(t.body[from+open:at], '>') >= 0 {
		return 0, 0
	}
	end = at
	if shut := bytes.IndexByte(t.body[at:min(len(t.body), at+width)], '>'); shut >= 0 {
		end = at + shut
	}
	return from + open, end
}
