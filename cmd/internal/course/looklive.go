package course

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// Limits on what a component is asked: it is on this machine.
const (
	patience = 5 * time.Second
	maxBody  = 4 << 20
)

// introducing is the header by which a component in development says who it is.
const introducing = "Component"

// client asks nothing but this machine: no proxy, and no redirect followed.
var client = &http.Client{
	Timeout:       patience,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	Transport:     &http.Transport{DisableKeepAlives: true, ResponseHeaderTimeout: patience},
}

// get asks one of the ports of the component.
func (l *looker) get(ctx context.Context, layer, path string) (status int, header http.Header, body string, err error) {
	address := "http://" + net.JoinHostPort("127.0.0.1", strconv.Itoa(l.at.Port+layers[layer])) + path
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	return resp.StatusCode, resp.Header, string(raw), err
}

// running looks whether this component answers, and not another.
func (l *looker) running(ctx context.Context) string {
	_, header, _, err := l.get(ctx, "interactie", "/healthz/live")
	if err != nil {
		return fmt.Sprintf("Op poort %d antwoordt niets. Start het component met: go run .", l.at.Port)
	}
	who, _, _ := strings.Cut(header.Get(introducing), " ")
	switch name := l.name(); {
	case who == "":
		return fmt.Sprintf("Op poort %d draait een ander programma. Stop dat, of start het component op een andere poort.", l.at.Port)
	case name != "" && who != name:
		return fmt.Sprintf("Op poort %d draait een ander component: %s. Stop dat, en start dit component met: go run .", l.at.Port, short(who))
	}
	return ""
}

// Running says whether the component in at.Dir answers on its port.
func Running(ctx context.Context, at Place) bool {
	root, err := os.OpenRoot(at.Dir)
	if err != nil {
		return false
	}
	defer func() { _ = root.Close() }()
	return (&looker{at: at, root: root}).running(ctx) == ""
}

// name is what the component calls itself; "" when that is unknown.
func (l *looker) name() string {
	body, err := l.read(answers.FileName)
	if err != nil {
		return ""
	}
	d, _ := answers.Parse(answers.FileName, []byte(body))
	return d.Answers.Component.Name
}

// page looks what a page or an API answers.
func (l *looker) page(ctx context.Context, p spec) string {
	if why := l.running(ctx); why != "" {
		return why
	}
	status, _, body, err := l.get(ctx, p.layer, p.path)
	where := fmt.Sprintf("http://localhost:%d%s", l.at.Port+layers[p.layer], p.path)
	switch {
	case err != nil:
		return where + " antwoordt niet. Draait het component nog?"
	case status != p.status:
		return fmt.Sprintf("%s antwoordt met %d en niet met %d.", where, status, p.status)
	case p.contains != "" && !strings.Contains(body, p.contains):
		return fmt.Sprintf("Op %s staat nog niet “%s”. Start het component opnieuw als u net iets veranderde.", where, short(p.contains))
	case p.lacks != "" && strings.Contains(body, p.lacks):
		return fmt.Sprintf("Op %s staat nog “%s”. Start het component opnieuw als u net iets veranderde.", where, short(p.lacks))
	}
	return ""
}
