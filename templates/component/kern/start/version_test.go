package start

import (
	"encoding/json"
	"log/slog"
	"runtime/debug"
	"strings"
	"testing"
	"testing/fstest"
)

func TestVersionIsWhatIsKnown(t *testing.T) {
	info := func(version string, settings ...string) *debug.BuildInfo {
		i := &debug.BuildInfo{Main: debug.Module{Version: version}}
		for n := 0; n < len(settings); n += 2 {
			i.Settings = append(i.Settings, debug.BuildSetting{Key: settings[n], Value: settings[n+1]})
		}
		return i
	}
	for want, from := range map[string]*debug.BuildInfo{
		"onbekend (commit onbekend, datum onbekend)":                     nil,
		"onbekend (commit onbekend, datum onbekend) ":                    info("(devel)"),
		"1.2.0 (commit abc, datum 2026-11-30T12:00:00Z)":                 info("v1.2.0", "vcs.revision", "abc", "vcs.time", "2026-11-30T12:00:00Z", "vcs.modified", "false"),
		"onbekend (commit abc met wijzigingen, datum 2026-11-30T12:00Z)": info("v0.0.0-20261130120000-0123456789ab+dirty", "vcs.revision", "abc", "vcs.time", "2026-11-30T12:00Z", "vcs.modified", "true"),
		"onbekend (commit abc, datum onbekend)":                          info("v1.2.1-0.20261130120000-0123456789ab", "vcs.revision", "abc"),
		"1.2.0-rc.1 (commit onbekend, datum onbekend)":                   info("v1.2.0-rc.1"),
	} {
		if got := madeOf(from).String(); got != strings.TrimSpace(want) {
			t.Errorf("%+v is %q, want %q", from, got, want)
		}
	}
	Version, Commit, Date = "2.0.0\n", " 0123abc", "vandaag\x1b[31m"
	defer func() { Version, Commit, Date = "", "", "" }()
	if got := madeOf(info("v1.2.0", "vcs.revision", "abc")).String(); got != "2.0.0 (commit 0123abc, datum vandaag[31m)" {
		t.Errorf("what was said with -ldflags is %q", got)
	}
}

func TestVersionIsSaidWithoutSettings(t *testing.T) {
	var out, errOut sink
	if code := run(t.Context(), []string{"--version"}, environment("OMGEVING", "productie"), &out, &errOut, fake(nil)); code != exitDone || !strings.HasPrefix(out.String(), "proef ") || !strings.Contains(out.String(), "commit") {
		t.Errorf("%d %s%s", code, out.String(), errOut.String())
	}
}

func TestGarbageIsCollectedLessOften(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	if cleanLessOften(environment("GOGC", "50")); debug.SetGCPercent(100) != 100 {
		t.Error("GOGC does not win")
	}
	if cleanLessOften(environment()); debug.SetGCPercent(100) != heapGrows {
		t.Error("Go cleans up as often as ever")
	}
}

func TestMemoryOfTheContainerIsRespected(t *testing.T) {
	before := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(before)
	for want, files := range map[int64]map[string]string{
		60397974:    {"memory.max": "67108864\n"},
		60397977600: {"memory/memory.limit_in_bytes": "67108864000"},
		0:           {"memory.max": "max\n"},
	} {
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := limitMemory(environment(), fsys); got != want {
			t.Errorf("%v gives %d, want %d", files, got, want)
		}
		if limitMemory(environment("GOMEMLIMIT", "1GiB"), fsys) != 0 {
			t.Error("GOMEMLIMIT does not win")
		}
	}
	for _, text := range []string{"", "-1", "veel", "9223372036854771712", "99999999999999999999"} {
		if got := limitMemory(environment(), fstest.MapFS{"memory.max": {Data: []byte(text)}}); got != 0 {
			t.Errorf("%q gives %d", text, got)
		}
	}
	if limitMemory(environment(), fstest.MapFS{}) != 0 {
		t.Error("a machine without cgroups has a limit")
	}
}

// TestProductionSpeaksToPrograms: all that it says while it runs is JSON, one line each.
func TestProductionSpeaksToPrograms(t *testing.T) {
	var out, log sink
	s := Settings{Production: true}
	handler, err := logHandler(true, "", &log)
	if err != nil {
		t.Fatal(err)
	}
	s.Log = slog.New(handler)
	tell(&out, s, "Gestopt.\n", "gestopt")
	announce(&out, &Running{Settings: s}, Component{Name: "proef"}, 0)
	lines := 0
	for line := range strings.Lines(log.String()) {
		lines++
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	if lines != 2 || out.String() != "" || !strings.Contains(log.String(), `"component":"proef"`) {
		t.Errorf("%s%s", out.String(), log.String())
	}
}
